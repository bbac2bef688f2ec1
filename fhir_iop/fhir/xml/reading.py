"""FHIR XML read as the JSON form of the resource (https://hl7.org/fhir/R4/xml.html).

Comments, processing instructions and white space between elements are no content and are dropped, as the specification
lets a reader do. White space in an attribute comes as XML says: a line feed or tab that isn't written as a character
reference is a space (https://www.w3.org/TR/xml/#AVNormalize). A narrative's `div` is taken as it was spelt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.errors import BadInput
from fhir_iop.fhir.names import told
from fhir_iop.fhir.xml import narrative, places
from fhir_iop.fhir.xml.element import LEAF, RESOURCE, Element, nameless
from fhir_iop.fhir.xml.ordering import in_order
from fhir_iop.fhir.xml.scanning import BETWEEN, DEPTH_LIMIT, parser, scan, too_deep, utf8
from fhir_iop.fhir.xml.shape import FHIR, Types, key_of
from fhir_iop.fhir.xml.tables import ELEMENT, HOLDER, NOTHING, Table, table
from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fhir_iop.fhir.xml.places import JsonPath
    from fhir_iop.fhir.xml.shape import Child

_MOST_FAULTS = 1_000
_WHITE_SPACE = " \t\r\n"


class Fault(NamedTuple):
    """What only XML can have wrong, and the JSON path of the element: :meth:`XmlResource.positions` knows its place."""

    issue: Issue
    path: JsonPath


@dataclass(frozen=True, slots=True)
class XmlResource:
    """What was read: the resource in its JSON form, and what was wrong with its XML.

    An element that the definitions don't know is kept under its own name, so that validation reports it; a primitive
    whose text isn't of its type is kept as text, beside a fault; an empty element is an empty object.
    """

    resource: dict[str, Any]
    faults: Sequence[Fault]
    _raw: bytes

    def positions(self, paths: Iterable[JsonPath]) -> dict[JsonPath, tuple[int, int]]:
        """Return line and column (from 1) of each path's element, or of the nearest around it."""
        return places.positions(self._raw, paths)


def read(raw: bytes | str, types: Types) -> XmlResource:
    """Read a resource from an XML document.

    Raises BadInput, with line and column, for a document that isn't well-formed, declares a DTD, nests too deeply or
    has a root that is no FHIR resource.
    """
    text, encoding = utf8(raw)
    reader = _Reader(types, text)
    scan(reader.parser, text)
    if encoding != "UTF-8":
        reader.faults.insert(0, Fault(issue("xml-encoding", reader.resource["resourceType"], encoding=encoding), ()))
    return XmlResource(reader.resource, reader.faults, text)


class _Reader:
    """One document being read, event by event."""

    def __init__(self, types: Types, raw: bytes) -> None:
        self.types = types
        self.resource: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self.parser = parser(raw)
        self.narrative = narrative.Narrative(self.parser, raw)
        self.skipped = 0
        self.stack = [Element(None, RESOURCE, None, self.resource, HOLDER)]
        self.leaf: tuple[Element, Child, int | None]  # what LEAF on the stack stands for
        self._listen()

    def _listen(self) -> None:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    # --- events ----------------------------------------------------------------------------------------------------

    def start(self, name: str, attributes: list[str]) -> None:
        stack = self.stack
        outer = stack[-1]
        child = outer.known.get(name)
        if child is None:
            self._other(name, attributes)
            return
        order = child.order
        if order < outer.latest:
            outer.to_check = True
        else:
            outer.latest = order
        outer.seen.append(child)
        kind = child.kind
        if kind == "primitive":
            stack.append(self._primitive(outer, child, attributes))
        elif kind == "xhtml":
            self._xhtml(outer, child)
        else:
            if len(stack) > DEPTH_LIMIT:
                raise too_deep(self.parser)
            stack.append(self._complex(outer, child, attributes))

    def end(self, _name: str) -> None:
        element = self.stack.pop()
        if element.to_check:
            self._check(element)

    def text(self, text: str) -> None:
        if text.strip(_WHITE_SPACE):
            element = self._open()
            if not element.has_text:
                element.has_text = True
                self._fault("xml-text", element)

    # --- elements --------------------------------------------------------------------------------------------------

    def _open(self) -> Element:
        """Return the innermost open element."""
        element = self.stack[-1]
        if element is LEAF:
            outer, child, at = self.leaf
            element = self.stack[-1] = Element(outer, child, at, None, ELEMENT)
        return element

    def _other(self, name: str, attributes: list[str]) -> None:
        """Begin an element that isn't one of those which its outer element is known to have."""
        if self.stack[-1] is LEAF:
            self._open()
            self.start(name, attributes)
            return
        if len(self.stack) > DEPTH_LIMIT:
            raise too_deep(self.parser)
        outer = self.stack[-1]
        if outer.table is HOLDER:
            self._resource(outer, name, attributes)
        else:
            self._stranger(outer, name, attributes)

    def _resource(self, outer: Element, name: str, attributes: list[str]) -> None:
        """Begin a resource: the document's root, or what an element such as `contained` holds."""
        namespace, _, local = name.rpartition(BETWEEN)
        structure = self.types.type(local) if namespace == FHIR else None
        if outer.outer is None and (structure is None or structure.kind != "resource"):
            line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
            raise BadInput(issue("xml-root", line=line, column=column, found=told(local), namespace=FHIR))
        if namespace != FHIR:
            self._stranger(outer, name, attributes)
            return
        made = outer.inside()
        if made:
            if outer.tells(""):
                self._fault("xml-resource", outer, found="more than one")
            made = {}
        made["resourceType"] = local
        element = Element(outer, RESOURCE, None, made, table(self.types, (local, local)))
        self.stack.append(element)
        if attributes:
            self._attributes(element, attributes, made)

    def _primitive(self, outer: Element, child: Child, attributes: list[str]) -> Element:
        inside = outer.content
        if inside is None:
            inside = outer.inside()
        name, sibling = child.name, child.sibling
        values, extras = inside.get(name), inside.get(sibling)
        at = None
        if child.is_list:
            at = len(values) if values is not None else len(extras) if extras is not None else 0
        elif values is not None or extras is not None:
            return self._repeated(outer, child)
        self.leaf = (outer, child, at)
        element = LEAF
        extra = None
        if len(attributes) == 2 and attributes[0] == "value":
            value: Any = attributes[1]
        else:
            element = Element(outer, child, at, {}, ELEMENT)
            extra = element.inside()
            self._attributes(element, attributes, extra)
            value = extra.pop("value", None)
            if value is not None and not extra:
                element.content = extra = None
        if child.convert is not None and value is not None:
            value = self._converted(child, value)
        if at is None:
            if value is not None:
                inside[name] = value
            if extra is not None:
                inside[sibling] = extra
            return element
        if values is not None:
            values.append(value)
        elif value is not None:
            inside[name] = [None] * at + [value]
        if extras is not None:
            extras.append(extra)
        elif extra is not None:
            inside[sibling] = [None] * at + [extra]
        return element

    def _converted(self, child: Child, text: str) -> Any:
        try:
            return child.convert(text) if child.convert is not None else text
        except ValueError as error:
            outer, _, at = self.leaf
            self._fault("xml-value", Element(outer, child, at, None, ELEMENT), type=child.type, reason=str(error))
            return text

    def _complex(self, outer: Element, child: Child, attributes: list[str]) -> Element:
        inside = outer.content
        if inside is None:
            inside = outer.inside()
        made: dict[str, Any] = {}
        held = inside.get(child.name)
        at = None
        if not child.is_list:
            if held is not None:
                return self._repeated(outer, child)
            inside[child.name] = made
        elif held is None:
            at = 0
            inside[child.name] = [made]
        else:
            at = len(held)
            held.append(made)
        element = Element(outer, child, at, made, self._table(child))
        if attributes:
            self._attributes(element, attributes, made)
        return element

    def _table(self, child: Child) -> Table:
        if child.kind == "primitive":
            return ELEMENT
        return HOLDER if child.kind == "resource" else table(self.types, child.node)

    def _xhtml(self, outer: Element, child: Child) -> None:
        inside = outer.inside()
        is_first = child.name not in inside
        if not is_first:
            self._repeated(outer, child)

        def done(div: str) -> None:
            self._listen()
            if is_first:
                inside[child.name] = div

        self.narrative.begin(len(self.stack), done)

    def _repeated(self, outer: Element, child: Child) -> Element:
        """Report, once, an element that may stand only once; the first one counts."""
        element = Element(outer, child, 1, {}, self._table(child))
        if outer.tells(child.name):
            self._fault("xml-repeated", element, name=child.name)
        return element

    def _stranger(self, outer: Element, name: str, attributes: list[str]) -> None:
        """Take note of an element that no definition knows, and pass over what it holds."""
        key = key_of(name)
        namespace, _, local = name.rpartition(BETWEEN)
        if namespace != FHIR:
            if outer.tells(name):
                stranger = Element(outer, nameless(key, told(local)), None, None, NOTHING)
                self._fault("xml-namespace", stranger, name=told(local))
        else:
            given = dict(zip(attributes[::2], attributes[1::2], strict=True))
            outer.inside().setdefault(key, given.get("value", {}))
        self.skipped = 1
        self.parser.StartElementHandler = self._skip_start
        self.parser.EndElementHandler = self._skip_end
        self.parser.CharacterDataHandler = None

    def _skip_start(self, _name: str, _attributes: list[str]) -> None:
        self.skipped += 1
        if self.skipped + len(self.stack) - 1 > DEPTH_LIMIT:
            raise too_deep(self.parser)

    def _skip_end(self, _name: str) -> None:
        self.skipped -= 1
        if not self.skipped:
            self._listen()

    def _attributes(self, element: Element, attributes: list[str], made: dict[str, Any]) -> None:
        known = element.table.attributes
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            if name in known:
                made[name] = value
            else:
                self._fault("xml-attribute", element, name=told(name.rpartition(BETWEEN)[2]))

    # --- faults ----------------------------------------------------------------------------------------------------

    def _check(self, element: Element) -> None:
        """Look at an element that has ended: whether it holds a resource, and which children have to move."""
        if element.table is HOLDER:
            if not element.content:
                self._fault("xml-resource", element, found="none")
            return
        right = in_order([child.order for child in element.seen])
        counts: dict[str, int] = {}
        for index, child in enumerate(element.seen):
            at = counts[child.name] = counts.get(child.name, -1) + 1
            if index not in right:
                moved = Element(element, child, at if child.is_list else None, None, NOTHING)
                self._fault("xml-order", moved, element=child.name)

    def _fault(self, rule: str, element: Element, /, **facts: Any) -> None:
        if len(self.faults) > _MOST_FAULTS:
            return
        if len(self.faults) == _MOST_FAULTS:
            rule, facts = "xml-many", {"limit": _MOST_FAULTS}
        steps, path = element.place()
        expression = ".".join([self.resource.get("resourceType", ""), *steps])
        self.faults.append(Fault(issue(rule, expression, **facts), path))
