"""A resource written as FHIR XML (https://hl7.org/fhir/R4/xml.html)."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NoReturn

from lxml import etree

from fhir_iop.errors import BadInput
from fhir_iop.fhir.xml.parsing import xhtml
from fhir_iop.fhir.xml.scanning import DEPTH_LIMIT
from fhir_iop.fhir.xml.shape import FHIR, Child, Types, children, root
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Sequence

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ORDER_OF_UNKNOWN = 10**6
_ELEMENT = root("Element")
_MOST_PLACES = 60  # more digits than any number that was read has
# What XML has no characters for (https://www.w3.org/TR/xml/#charsets), and what an attribute can't hold as it is.
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE = re.compile('[\x00-\x1f&<>"\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {
    ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;",
    ord("\t"): "&#9;", ord("\n"): "&#10;", ord("\r"): "&#13;",
}  # fmt: skip


def write(resource: dict[str, Any], types: Types, *, pretty: bool = False) -> bytes:
    """Return ``resource`` as UTF-8 XML, its elements in the order of the definitions.

    Decimals keep their digits, narrative its markup; comments can't come from JSON. Raises BadInput for a resource
    that has no XML form: an unknown type, a property that the definitions don't know or that has the wrong JSON
    shape, a character that XML doesn't have (validate first to learn of all at once).
    """
    writer = _Writer(types, pretty=pretty)
    writer.resource(resource, 0)
    return "".join([_DECLARATION, *writer.parts, "\n" if pretty else ""]).encode()


class _Writer:
    """One document being written: ``parts`` are its text so far, ``where`` the elements that are open."""

    def __init__(self, types: Types, *, pretty: bool) -> None:
        self.types = types
        self.pretty = pretty
        self.parts: list[str] = []
        self.where: list[str] = []

    def resource(self, resource: Any, depth: int) -> None:
        name = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(name, str) or self.types.type(name) is None:
            self.where.append("resourceType")
            self._refuse()
        if not self.where:
            self.where.append(name)
        self._begin(name, depth)
        if not depth:
            self.parts.append(f' xmlns="{FHIR}"')
        self._content({key: value for key, value in resource.items() if key != "resourceType"}, root(name), depth)
        self._end(name, depth)

    def _begin(self, name: str, depth: int) -> None:
        if depth >= DEPTH_LIMIT:
            self._refuse()
        if self.pretty and depth:
            self.parts.append("\n" + "  " * depth)
        self.parts.append(f"<{name}")

    def _end(self, name: str, depth: int) -> None:
        """Close an element; ``parts`` end with the mark that its start tag is done, where it has no content."""
        if self.parts[-1] == ">":
            self.parts[-1] = "/>"
            return
        self.parts.append(f"\n{'  ' * depth}</{name}>" if self.pretty else f"</{name}>")

    def _content(self, content: dict[str, Any], node: tuple[str, str], depth: int) -> None:
        """Write the attributes and children of an element whose start tag is open."""
        known = children(self.types, node)
        names = {name.removeprefix("_") for name in content}
        inner: list[Child] = []
        for name in sorted(names, key=lambda name: known[name].order if name in known else _ORDER_OF_UNKNOWN):
            child = known.get(name)
            self.where.append(name)
            if child is None or (f"_{name}" in content and (child.kind != "primitive" or child.attribute)):
                self._refuse()  # what is an attribute in XML has neither id nor extensions
            if child.attribute:
                self._attribute(name, content.get(name))
            else:
                inner.append(child)
            self.where.pop()
        self.parts.append(">")
        for child in inner:
            self.where.append(child.name)
            for value, extra in self._pairs(content.get(child.name), content.get(child.sibling), child):
                self._child(child, value, extra, depth + 1)
            self.where.pop()

    def _attribute(self, name: str, value: Any) -> None:
        if not isinstance(value, str):
            self._refuse()
        self.parts.append(f' {name}="{self._text(value)}"')

    def _child(self, child: Child, value: Any, extra: Any, depth: int) -> None:
        if child.kind == "xhtml":
            self._div(value, depth)
            return
        self._begin(child.name, depth)
        if child.kind == "primitive":
            if value is not None:
                self.parts.append(f' value="{self._text(value)}"')
            self._content({} if extra is None else self._object(extra), _ELEMENT, depth)
        elif child.kind == "resource":
            self.parts.append(">")
            self.resource(value, depth + 1)
        else:
            self._content(self._object(value), child.node, depth)
        self._end(child.name, depth)

    def _div(self, div: Any, depth: int) -> None:
        """Write a narrative as it is spelt: a tree would spell it its own way."""
        parsed = xhtml(div, ".".join(self.where))
        if self.pretty:
            self.parts.append("\n" + "  " * depth)
        # an XML declaration may stand before a document, not inside one
        text = div.strip()
        self.parts.append(etree.tostring(parsed, encoding="unicode") if text.startswith("<?") else text)

    def _pairs(self, values: Any, extras: Any, child: Child) -> Sequence[tuple[Any, Any]]:
        """Pair each value with its `_name` sibling, either of which may be missing."""
        if not child.is_list:
            return [(values, extras)]
        if not isinstance(values or [], list) or not isinstance(extras or [], list):
            self._refuse()
        return list(zip_longest(values or [], extras or []))

    def _object(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse()
        return value

    def _text(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (float, Decimal)):
            return self._number(Decimal(str(value)))
        if isinstance(value, (dict, list)):
            self._refuse()
        text = str(value)
        if not _TO_ESCAPE.search(text):
            return text
        if _NO_CHARACTER.search(text):
            self._refuse()
        return text.translate(_ESCAPES)

    def _number(self, value: Decimal) -> str:
        """Return the digits without an exponent (0.0000001), but where that would add some (1E+2 is less than 100)."""
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int):  # NaN, Infinity
            self._refuse()
        return str(value) if exponent > 0 or exponent < -_MOST_PLACES else f"{value:f}"

    def _refuse(self) -> NoReturn:
        where = ".".join(self.where)
        raise BadInput(issue("xml-unwritable", where, where=where))
