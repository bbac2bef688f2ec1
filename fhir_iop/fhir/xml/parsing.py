"""XML text to a tree, with everything off that reaches beyond the text: entities, DTDs, the network."""

from __future__ import annotations

from typing import Any

from lxml import etree

from fhir_iop.errors import BadInput
from fhir_iop.fhir.xml.shape import XHTML
from fhir_iop.issue import issue


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
    except (BadInput, UnicodeError):
        raise BadInput(issue("xml-unwritable", where, where=where)) from None
    if div.tag != f"{{{XHTML}}}div":
        raise BadInput(issue("xml-unwritable", where, where=where))
    return div
