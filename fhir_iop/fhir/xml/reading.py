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
from fhir_iop.fhir.xml.ordering import in_order
from fhir_iop.fhir.xml.scanning import BETWEEN, DEPTH_LIMIT, parser, scan, too_deep, utf8
from fhir_iop.fhir.xml.shape import FHIR, Child, Types, key_of
from fhir_iop.fhir.xml.tables import ELEMENT, HOLDER, NOTHING, Table, table
from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fhir_iop.fhir.xml.places import JsonPath

_MOST_FAULTS = 1_000
_WHITE_SPACE = " \t\r\n"
_SCHEMA_LOCATION = "http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


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
    text = utf8(raw)
    reader = _Reader(types, text)
    scan(reader.parser, text)
    return XmlResource(reader.resource, reader.faults, text)


class _Element:
    """An element that isn't closed yet: where it stands, what its children are, and its JSON form.

    ``content`` is None for a primitive that has a value only, as long as no extension comes.
    """

    __slots__ = ("at", "child", "content", "disordered", "has_text", "latest", "outer", "seen", "strangers", "table")

    def __init__(
        self, outer: _Element | None, child: Child, at: int | None, content: dict[str, Any] | None, known: Table
    ) -> None:
        self.outer = outer
        self.child = child
        self.at = at
        self.content = content
        self.table = known
        self.latest = -1
        self.seen: list[Child] | None = None
        self.disordered = self.has_text = False
        self.strangers: set[str] | None = None

    def inside(self) -> dict[str, Any]:
        """Return the object that holds children; a primitive gets its `_` object when the first one comes."""
        content = self.content
        if content is None:
            content = self.content = {}
            holder = {} if self.outer is None else self.outer.inside()
            if self.at is None:
                holder[self.child.sibling] = content
            else:
                _put(holder, self.child.sibling, self.at, content)
        return content


class _Reader:
    """One document being read, event by event."""

    def __init__(self, types: Types, raw: bytes) -> None:
        self.types = types
        self.raw = raw
        self.resource: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self.parser = parser(raw)
        self.narrative = narrative.Narrative(self.parser, raw)
        self.skipped = 0
        self.stack = [_Element(None, _RESOURCE, None, self.resource, HOLDER)]
        self._listen()

    def _listen(self) -> None:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    # --- events ----------------------------------------------------------------------------------------------------

    def start(self, name: str, attributes: list[str]) -> None:
        stack = self.stack
        outer = stack[-1]
        child = outer.table.known.get(name)
        if child is None:
            if outer.table is HOLDER:
                self._resource(outer, name, attributes)
            else:
                self._stranger(outer, name, attributes)
            return
        if len(stack) > DEPTH_LIMIT:
            raise too_deep(self.parser)
        if child.order < outer.latest:
            outer.disordered = True
        else:
            outer.latest = child.order
        if outer.seen is None:
            outer.seen = [child]
        else:
            outer.seen.append(child)
        kind = child.kind
        if kind == "primitive":
            stack.append(self._primitive(outer, child, attributes))
        elif kind == "xhtml":
            self._xhtml(outer, child)
        else:
            stack.append(self._complex(outer, child, attributes))

    def end(self, _name: str) -> None:
        element = self.stack.pop()
        if element.disordered:
            self._order(element)
        if element.table is HOLDER and not element.content:
            self._fault("xml-resource", element, found=0)

    def text(self, text: str) -> None:
        if text.strip(_WHITE_SPACE):
            element = self.stack[-1]
            if not element.has_text:
                element.has_text = True
                self._fault("xml-text", element)

    # --- elements --------------------------------------------------------------------------------------------------

    def _resource(self, outer: _Element, name: str, attributes: list[str]) -> None:
        """Begin a resource: the document's root, or what an element such as `contained` holds."""
        namespace, _, local = name.rpartition(BETWEEN)
        structure = self.types.type(local) if namespace == FHIR else None
        if outer.outer is None and (structure is None or structure.kind != "resource"):
            line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
            raise BadInput(issue("xml-root", line=line, column=column, found=told(local), namespace=FHIR))
        if len(self.stack) > DEPTH_LIMIT:
            raise too_deep(self.parser)
        if namespace != FHIR:
            self._stranger(outer, name, attributes)
            return
        made = outer.inside()
        if made:
            self._fault("xml-resource", outer, found="more than one")
            made = {}
        made["resourceType"] = local
        element = _Element(outer, _RESOURCE, None, made, table(self.types, (local, local)))
        self.stack.append(element)
        if attributes:
            self._attributes(element, attributes, made)

    def _primitive(self, outer: _Element, child: Child, attributes: list[str]) -> _Element:
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
        element = _Element(outer, child, at, None, ELEMENT)
        if len(attributes) == 2 and attributes[0] == "value":
            value: Any = attributes[1]
        else:
            made: dict[str, Any] = {}
            self._attributes(element, attributes, made)
            value = made.pop("value", None)
            if made or value is None:
                element.content = made
        if child.convert is not None and value is not None:
            value = self._converted(element, child.convert, value)
        if at is None:
            if value is not None:
                inside[name] = value
            if element.content is not None:
                inside[sibling] = element.content
            return element
        if values is not None:
            values.append(value)
        elif value is not None:
            inside[name] = [None] * at + [value]
        if extras is not None:
            extras.append(element.content)
        elif element.content is not None:
            inside[sibling] = [None] * at + [element.content]
        return element

    def _converted(self, element: _Element, convert: Callable[[str], Any], text: str) -> Any:
        try:
            return convert(text)
        except ValueError as error:
            self._fault("xml-value", element, type=element.child.type, reason=str(error))
            return text

    def _complex(self, outer: _Element, child: Child, attributes: list[str]) -> _Element:
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
        known = HOLDER if child.kind == "resource" else table(self.types, child.node)
        element = _Element(outer, child, at, made, known)
        if attributes:
            self._attributes(element, attributes, made)
        return element

    def _xhtml(self, outer: _Element, child: Child) -> None:
        inside = outer.inside()
        is_first = child.name not in inside
        if not is_first:
            self._repeated(outer, child)

        def done(div: str) -> None:
            self._listen()
            if is_first:
                inside[child.name] = div

        self.narrative.begin(len(self.stack), done)

    def _repeated(self, outer: _Element, child: Child) -> _Element:
        """Report, once, an element that may stand only once; what this one holds is read for XML's own faults only."""
        known = ELEMENT if child.kind == "primitive" else HOLDER if child.kind == "resource" else NOTHING
        element = _Element(outer, child, 1, {}, known if known is not NOTHING else table(self.types, child.node))
        if not self._is_told(outer, child.name):
            self._fault("xml-repeated", element, name=child.name)
        return element

    def _stranger(self, outer: _Element, name: str, attributes: list[str]) -> None:
        """Take note of an element that no definition knows, and pass over what it holds."""
        key = key_of(name)
        namespace, _, local = name.rpartition(BETWEEN)
        if namespace != FHIR:
            if not self._is_told(outer, name):
                stranger = _Element(outer, _nameless(key, told(local)), None, None, NOTHING)
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

    def _attributes(self, element: _Element, attributes: list[str], made: dict[str, Any]) -> None:
        known = element.table.attributes
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            if name in known:
                made[name] = value
            elif name != _SCHEMA_LOCATION:
                self._fault("xml-attribute", element, name=told(name.rpartition(BETWEEN)[2]))

    # --- faults ----------------------------------------------------------------------------------------------------

    def _order(self, element: _Element) -> None:
        """Report the fewest elements that would have to move."""
        seen = element.seen or []
        right = in_order([child.order for child in seen])
        counts: dict[str, int] = {}
        for index, child in enumerate(seen):
            at = counts[child.name] = counts.get(child.name, -1) + 1
            if index not in right:
                moved = _Element(element, child, at if child.is_list else None, None, NOTHING)
                self._fault("xml-order", moved, element=child.name)

    def _is_told(self, outer: _Element, name: str) -> bool:
        if outer.strangers is None:
            outer.strangers = set()
        if name in outer.strangers:
            return True
        outer.strangers.add(name)
        return False

    def _fault(self, rule: str, element: _Element, /, **facts: Any) -> None:
        if len(self.faults) > _MOST_FAULTS:
            return
        if len(self.faults) == _MOST_FAULTS:
            rule, facts = "xml-many", {"limit": _MOST_FAULTS}
        steps: list[str] = []
        path: list[str | int] = []
        step: _Element | None = element
        while step is not None:
            child, at = step.child, step.at
            if at is not None:
                steps.append(f"{child.step}[{at}]")
                path += [at, child.name]
            elif child is not _RESOURCE:
                steps.append(child.step)
                path.append(child.name)
            step = step.outer
        steps.append(self.resource.get("resourceType", ""))
        self.faults.append(Fault(issue(rule, ".".join(reversed(steps)), **facts), tuple(reversed(path))))


def _nameless(key: str, step: str) -> Child:
    """Return what stands for an element that isn't in the definitions."""
    return Child(key, step, "", "complex", is_list=False, order=-1, attribute=False, node=("", ""))


# A resource has no name of its own where it stands: the path of what holds it leads to it.
_RESOURCE = _nameless("", "")


def _put(content: dict[str, Any], name: str, at: int, value: Any) -> None:
    """Set one item of a list that runs in parallel to another, and may not have begun."""
    held = content.get(name)
    if held is None:
        content[name] = [None] * at + [value]
    else:
        held[at] = value
