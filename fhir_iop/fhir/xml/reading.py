"""FHIR XML read as the JSON form of the resource, with the place of every element kept for findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lxml import etree

from fhir_iop.errors import BadInput
from fhir_iop.fhir.xml.parsing import DEPTH_LIMIT, divs, parse, positions
from fhir_iop.fhir.xml.shape import FHIR, XHTML, Child, Types, children, root
from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = frozenset({"decimal", "integer", "positiveInt", "unsignedInt"})
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_LONGEST_NUMBER = 40


@dataclass
class XmlResource:
    """What was read: the resource in its JSON form, findings that only XML can have, and the elements' places.

    A property that the definitions don't know is kept under its own name, so that validation reports it.
    """

    resource: dict[str, Any]
    issues: list[Issue]
    _raw: bytes
    _elements: dict[str, int] = field(default_factory=dict)

    def position(self, expression: str) -> tuple[int, int] | None:
        """Return line and column (from 1) of the element that ``expression`` names, or of the nearest around it."""
        places = positions(self._raw)
        while expression:
            if expression in self._elements:
                return places[self._elements[expression]]
            expression = (
                expression.rpartition(".")[0] if not expression.endswith("]") else expression.rpartition("[")[0]
            )
        return None


def read(raw: bytes, types: Types) -> XmlResource:
    """Read a resource from XML.

    Raises BadInput as :func:`~fhir_iop.fhir.xml.parsing.parse` does, and for a root that is no FHIR resource. Elements
    out of order, empty ones and text where none may stand are Issues of the result.
    """
    tree = parse(raw)
    encoding = (tree.getroottree().docinfo.encoding or "UTF-8").upper()
    written = divs(raw) if encoding == "UTF-8" and b"<div" in raw else {}
    reader = _Reader(types, {element: at for at, element in enumerate(tree.iter(etree.Element))}, written)
    name = etree.QName(tree)
    if name.namespace != FHIR or types.type(name.localname) is None:
        raise BadInput(issue("xml-root", line=_line(tree), found=name.localname, namespace=FHIR))
    resource = reader.resource(tree, name.localname, 0)
    return XmlResource(resource, reader.issues, raw, reader.places)


class _Reader:
    """One document being read: what was found, and which element each expression is."""

    def __init__(self, types: Types, order: Mapping[Any, int], divs_as_written: Mapping[int, str]) -> None:
        self.types = types
        self.order = order
        self.divs_as_written = divs_as_written
        self.issues: list[Issue] = []
        self.places: dict[str, int] = {}

    def resource(self, element: etree._Element, path: str, depth: int) -> dict[str, Any]:
        name = etree.QName(element).localname
        self.places.setdefault(path, self.order[element])
        return {"resourceType": name} | self.content(element, root(name), path, depth)

    def content(self, element: etree._Element, node: tuple[str, str], path: str, depth: int) -> dict[str, Any]:
        """Read attributes and children of a complex element."""
        if depth > DEPTH_LIMIT:
            raise BadInput(issue("xml-depth", line=_line(element), limit=DEPTH_LIMIT))
        known = children(self.types, node)
        made: dict[str, Any] = {}
        for attribute, text in element.attrib.items():
            made[str(attribute)] = text
        self._no_text(element, path)
        latest = -1
        counts: dict[str, int] = {}
        for inner in element:
            name = self._name(inner)
            child = known.get(name)
            at = counts[name] = counts.get(name, -1) + 1
            where = f"{path}.{name}"
            repeats = child.is_list if child else at > 0
            place = f"{where}[{at}]" if repeats else where
            self.places[place] = self.order[inner]
            if child is None:
                _add(made, name, self._unknown(inner, depth + 1), is_list=at > 0)
                continue
            if child.order < latest:
                self.issues.append(issue("xml-order", place, line=_line(inner), element=name))
            latest = max(latest, child.order)
            self._child(made, inner, child, at, place, depth + 1)
        return made

    def _child(
        self, made: dict[str, Any], inner: etree._Element, child: Child, at: int, place: str, depth: int
    ) -> None:
        repeats = child.is_list or at > 0
        if child.kind == "xhtml":
            div = self.divs_as_written.get(self.order[inner]) or etree.tostring(
                inner, encoding="unicode", with_tail=False
            )
            _add(made, child.name, div, is_list=repeats)
        elif child.kind == "resource":
            for held in inner:
                _add(made, child.name, self.resource(held, place, depth), is_list=repeats)
        elif child.kind == "primitive":
            extra = self.content(inner, root("Element"), place, depth)
            value = extra.pop("value", None)
            if value is None and not extra:
                self.issues.append(issue("xml-empty", place, line=_line(inner), element=child.name))
            _primitive(made, child, at, None if value is None else _typed(value, child.type), extra)
        else:
            _add(made, child.name, self.content(inner, child.node, place, depth), is_list=repeats)

    def _unknown(self, element: etree._Element, depth: int) -> Any:
        if depth > DEPTH_LIMIT:
            raise BadInput(issue("xml-depth", line=_line(element), limit=DEPTH_LIMIT))
        if "value" in element.attrib and len(element) == 0:
            return element.get("value")
        made: dict[str, Any] = {str(name): text for name, text in element.attrib.items()}
        for inner in element:
            _add(made, self._name(inner), self._unknown(inner, depth + 1), is_list=self._name(inner) in made)
        return made

    def _name(self, element: etree._Element) -> str:
        name = etree.QName(element)
        own = name.namespace == FHIR or (name.namespace == XHTML and name.localname == "div")
        return name.localname if own else f"{{{name.namespace or ''}}}{name.localname}"

    def _no_text(self, element: etree._Element, path: str) -> None:
        texts = [element.text, *(inner.tail for inner in element)]
        if any(text and text.strip() for text in texts):
            self.issues.append(issue("xml-text", path, line=_line(element)))


def _add(made: dict[str, Any], name: str, value: Any, *, is_list: bool) -> None:
    if not is_list:
        made[name] = value
    elif isinstance(made.get(name), list):
        made[name].append(value)
    else:
        made[name] = [made[name], value] if name in made else [value]


def _primitive(made: dict[str, Any], child: Child, at: int, value: Any, extra: dict[str, Any]) -> None:
    """Add a primitive, its id and extensions: `name` and `_name` run in parallel, with null where one has nothing."""
    if not child.is_list and at == 0:
        if value is not None:
            made[child.name] = value
        if extra:
            made[f"_{child.name}"] = extra
        return
    for name, part in ((child.name, value), (f"_{child.name}", extra or None)):
        before = made.get(name)
        held = before if isinstance(before, list) else [before] if before is not None else []
        if part is not None or held:
            made[name] = held + [None] * (at - len(held)) + [part]


def _line(element: etree._Element) -> int | None:
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def _typed(text: str, type_: str) -> Any:
    """Return the JSON value of an XML attribute; text that isn't of its type stays text, for validation to report."""
    if type_ == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if type_ in _NUMBERS and len(text) <= _LONGEST_NUMBER:
        if _INTEGER.fullmatch(text):
            return int(text)
        if type_ == "decimal" and _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text
