"""A resource written as FHIR XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from fhir_iop.errors import BadInput
from fhir_iop.fhir.xml.parsing import xhtml
from fhir_iop.fhir.xml.shape import FHIR, Child, Types, children, root
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterator

_ORDER_OF_UNKNOWN = 10**6
_TARGET = "narrative"
# nothing else that is written can hold a processing instruction: text is escaped
_PLACE = re.compile(rb"<\?narrative ([0-9]+)\?>")


def write(resource: dict[str, Any], types: Types, *, pretty: bool = False) -> bytes:
    """Return ``resource`` as UTF-8 XML, its elements in the order of the definitions.

    Decimals keep their digits, narrative its markup; comments can't come from JSON. Raises BadInput for a resource
    that has no XML form: an unknown type, or a property that the definitions don't know or that has the wrong JSON
    shape (validate first to learn of all at once).
    """
    writer = _Writer(types)
    tree = writer.resource(resource)
    if pretty:
        etree.indent(tree)
    return writer.with_divs(etree.tostring(tree, encoding="UTF-8", xml_declaration=True))


class _Writer:
    """One document being written. Narratives go in last, as they are spelled: a tree would spell them its own way."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.divs: list[bytes] = []

    def resource(self, resource: Any) -> etree._Element:
        name = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(name, str) or self.types.type(name) is None:
            raise BadInput(issue("xml-unwritable", "resourceType", where="resourceType"))
        made = etree.Element(f"{{{FHIR}}}{name}", nsmap={None: FHIR})  # type: ignore[dict-item]  # None: the default
        self._fill(made, {k: v for k, v in resource.items() if k != "resourceType"}, root(name), name)
        return made

    def with_divs(self, document: bytes) -> bytes:
        """Return ``document`` with each narrative in the place that was kept for it."""
        before, *rest = _PLACE.split(document)
        return before + b"".join(
            self.divs[int(number)] + after for number, after in zip(rest[::2], rest[1::2], strict=True)
        )

    def _fill(self, parent: etree._Element, content: dict[str, Any], node: tuple[str, str], path: str) -> None:
        """Write ``content``'s properties into ``parent``; ``path`` says where we are, for errors."""
        known = children(self.types, node)
        names = {name.removeprefix("_") for name in content}
        for name in sorted(names, key=lambda n: known[n].order if n in known else _ORDER_OF_UNKNOWN):
            child, where = known.get(name), f"{path}.{name}"
            if child is None or (f"_{name}" in content and child.kind != "primitive"):
                raise BadInput(issue("xml-unwritable", where, where=where))
            if child.attribute:
                if not isinstance(content.get(name), str):
                    raise BadInput(issue("xml-unwritable", where, where=where))
                parent.set(name, content[name])
                continue
            for value, extra in _pairs(content.get(name), content.get(f"_{name}"), child, where):
                self._element(parent, child, value, extra, where)

    def _element(self, parent: etree._Element, child: Child, value: Any, extra: Any, where: str) -> None:
        if child.kind == "xhtml":
            div = xhtml(value, where)
            parent.append(etree.ProcessingInstruction(_TARGET, str(len(self.divs))))
            # an XML declaration may stand before a document, not inside one
            self.divs.append(etree.tostring(div) if value.lstrip().startswith("<?") else value.strip().encode())
            return
        made = etree.SubElement(parent, f"{{{FHIR}}}{child.name}")
        if child.kind == "primitive":
            if value is not None:
                made.set("value", _text(value, where))
            if extra is not None:
                _object(extra, where)
                self._fill(made, extra, root("Element"), where)
        elif child.kind == "resource":
            made.append(self.resource(value))
        else:
            _object(value, where)
            self._fill(made, value, child.node, where)


def _pairs(values: Any, extras: Any, child: Child, where: str) -> Iterator[tuple[Any, Any]]:
    """Pair each value with its `_name` sibling, either of which may be missing."""
    if not child.is_list:
        values, extras = ([v] if v is not None else [] for v in (values, extras))
    if not isinstance(values or [], list) or not isinstance(extras or [], list):
        raise BadInput(issue("xml-unwritable", where, where=where))
    values, extras = values or [], extras or []
    for at in range(max(len(values), len(extras))):
        yield (values[at] if at < len(values) else None, extras[at] if at < len(extras) else None)


def _object(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise BadInput(issue("xml-unwritable", where, where=where))


def _text(value: Any, where: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        raise BadInput(issue("xml-unwritable", where, where=where))
    text = str(value)
    if any(ord(c) < 0x20 and c not in "\t\n\r" for c in text):
        raise BadInput(issue("xml-unwritable", where, where=where))
    return text
