"""XML text to a tree, with everything off that reaches beyond the text: entities, DTDs, the network."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from xml.parsers import expat

from lxml import etree

from fhir_iop.errors import BadInput
from fhir_iop.fhir.xml.shape import XHTML
from fhir_iop.issue import issue

DEPTH_LIMIT = 200


def _parser() -> etree.XMLParser:
    # a parser keeps state while it parses, so each call has its own: they are cheap, and threads share nothing
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip


def parse(raw: bytes) -> etree._Element:
    """Parse a document.

    Raises BadInput (with line and column) for what isn't well-formed, declares a DTD or entities, or nests too deeply.
    """
    try:
        tree = etree.fromstring(raw, _parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = (error.msg or "not well-formed").partition(", line ")[0]
        raise BadInput(issue("xml-malformed", line=line, column=column, reason=reason)) from None
    except ValueError:
        raise BadInput(issue("xml-malformed", reason="its encoding can't be read")) from None
    if tree.getroottree().docinfo.internalDTD is not None:
        raise BadInput(issue("xml-doctype", line=1))
    return tree


def xhtml(text: Any, where: str) -> etree._Element:
    """Parse a narrative's `div`. Raises BadInput where it isn't an XHTML div that can stand in a document."""
    if not isinstance(text, str):
        raise BadInput(issue("xml-unwritable", where, where=where))
    try:
        div = parse(text.encode())
    except BadInput:
        raise BadInput(issue("xml-unwritable", where, where=where)) from None
    if div.tag != f"{{{XHTML}}}div":
        raise BadInput(issue("xml-unwritable", where, where=where))
    return div


def divs(raw: bytes) -> dict[int, str]:
    """Return every outermost `div` as it was written, by its number among the start tags of the document.

    A narrative's markup has many spellings (`&quot;`, `<br></br>`); what is stored is the one that came. A `div` whose
    text can't stand alone, because its namespace is declared outside it, is left out.
    """
    found: dict[int, str] = {}
    open_tags: list[tuple[int, int]] = []  # the number and first byte of each open element
    outermost: list[int] = []
    count = -1
    parser = expat.ParserCreate()

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        open_tags.append((count, parser.CurrentByteIndex))
        if name == "div" and not outermost:
            outermost.append(count)

    def end(_name: str) -> None:
        number, first = open_tags.pop()
        if outermost and outermost[-1] == number:
            outermost.pop()
            text = raw[first : raw.find(b">", parser.CurrentByteIndex) + 1].decode(errors="replace")
            with suppress(BadInput):
                xhtml(text, "")
                found[number] = text

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(raw, True)
    return found


def positions(raw: bytes) -> list[tuple[int, int]]:
    """Return the line and column (both from 1) of every start tag, in document order.

    lxml knows lines only; this second pass by expat is made when a finding is to be told, never for valid input.
    """
    found: list[tuple[int, int]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: found.append((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))
    parser.Parse(raw, True)
    return found
