"""The types that FHIRPath sees: a type's children with their JSON names, made from the definitions when asked for.

A type is named by a string: a FHIR type (``HumanName``, ``code``, ``Patient``), an element with children of its own by
its path (``Patient.contact``), or a System type (``System.String``).
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Element

SYSTEM_TYPES = frozenset({"Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity"})
TYPE_INFO = "System.TypeInfo"

# FHIR's primitives and the System type each converts to without being asked (https://hl7.org/fhir/R4/fhirpath.html).
PRIMITIVES = {
    "boolean": "Boolean",
    "integer": "Integer",
    "positiveInt": "Integer",
    "unsignedInt": "Integer",
    "decimal": "Decimal",
    "string": "String",
    "code": "String",
    "id": "String",
    "markdown": "String",
    "uri": "String",
    "url": "String",
    "canonical": "String",
    "oid": "String",
    "uuid": "String",
    "base64Binary": "String",
    "xhtml": "String",
    "date": "Date",
    "dateTime": "DateTime",
    "instant": "DateTime",
    "time": "Time",
}
STRINGS = frozenset({"System.String", *(name for name, own in PRIMITIVES.items() if own == "String")})
QUANTITIES = frozenset({"Quantity", "Age", "Count", "Distance", "Duration", "SimpleQuantity", "MoneyQuantity"})
# Abstract types that an item is never exactly of: what it is stands in its resourceType.
OPEN_TYPES = frozenset({"Resource", "DomainResource"})


class Child(NamedTuple):
    """A child by its FHIRPath name: whether it repeats, and its JSON names with their types.

    A choice (``value[x]``) has several alternatives, of which data holds one; all others have exactly one.
    ``attribute`` is set where the element is an XML attribute, which can't hold extensions of its own.
    """

    name: str
    many: bool
    alternatives: tuple[tuple[str, str], ...]
    attribute: bool = False


class Key(NamedTuple):
    """A name in an object's JSON: the type of what stands there, and whether that is a primitive."""

    type_name: str
    is_primitive: bool
    is_open: bool


class Named(dict[str, "Child | None"]):
    """The child of one name in each type, found when a type is first asked for."""

    def __init__(self, model: Model, name: str) -> None:
        self._model, self.name = model, name

    def __missing__(self, type_name: str) -> Child | None:
        found = self[type_name] = self._model.child(type_name, self.name)
        return found


class Model:
    """The types of one set of definitions. Answers are kept; asking from several threads is safe."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.children = cache(self._children)
        self.keys = cache(self._keys)
        self.named = cache(partial(Named, self))
        self.supertypes = cache(self._supertypes)
        self.exists = cache(self._exists)

    def _keys(self, type_name: str) -> dict[str, Key]:
        """Return a type's children by their names in JSON."""
        return {
            key: Key(kind, kind in PRIMITIVES, kind in OPEN_TYPES)
            for child in self.children(type_name).values()
            for key, kind in child.alternatives
        }

    def child(self, type_name: str, name: str) -> Child | None:
        """Return the child ``name`` of a type, None where it has none."""
        return self.children(type_name).get(name)

    def is_a(self, type_name: str, other: str) -> bool:
        """Whether ``type_name`` is ``other`` or derives from it."""
        return other in self.supertypes(type_name)

    def start(self, path: str) -> frozenset[str]:
        """Return the types of what stands at a path that begins with a type; none where there is no such path.

        ``Patient`` and ``Observation.component`` are types themselves; ``Patient.name`` is a HumanName, and
        ``Observation.value[x]`` any of the types of the choice.
        """
        first, *names = path.split(".")
        found = frozenset({first}) if self.exists(first) else frozenset()
        for name in names:
            steps = (self.child(kind, name.removesuffix("[x]")) for kind in found)
            found = frozenset(kind for child in steps if child is not None for _, kind in child.alternatives)
        return found

    def is_resource(self, type_name: str) -> bool:
        """Whether the type is a resource, abstract ones included."""
        return "Resource" in self.supertypes(type_name)

    def is_element(self, type_name: str) -> bool:
        """Whether ``type_name`` is the path of an element that has children of its own."""
        return "." in type_name and not type_name.startswith("System.")

    def code(self, type_name: str) -> str:
        """Return the type as data calls it: ``BackboneElement`` or ``Element`` for an element's own."""
        return self.supertypes(type_name)[1] if self.is_element(type_name) else type_name

    def _exists(self, type_name: str) -> bool:
        if type_name.startswith("System."):
            return type_name.removeprefix("System.") in SYSTEM_TYPES
        if type_name in PRIMITIVES:
            return True
        return "." not in type_name and self.definitions.type(type_name) is not None

    def _supertypes(self, type_name: str) -> tuple[str, ...]:
        """Return the type and all it derives from, itself first."""
        if type_name.startswith("System."):
            return (type_name,)
        if self.is_element(type_name):
            element = self._element(type_name)
            return (type_name, *self.supertypes(element.types[0].code if element and element.types else "Element"))
        found: list[str] = []
        name: str | None = type_name
        while name is not None and name not in found:
            found.append(name)
            structure = self.definitions.type(name)
            name = structure.base.rpartition("/")[2] if structure is not None and structure.base else None
        return tuple(found)

    def _element(self, path: str) -> Element | None:
        structure = self.definitions.type(path.partition(".")[0])
        return structure.by_id.get(path) if structure is not None else None

    def _children(self, type_name: str) -> dict[str, Child]:
        if type_name == TYPE_INFO:
            return {name: Child(name, False, ((name, "System.String"),), True) for name in ("namespace", "name")}
        if type_name.startswith("System."):
            return {}
        structure = self.definitions.type(type_name.partition(".")[0])
        if structure is None:
            return {}
        found: dict[str, Child] = {}
        for element in structure.children.get(type_name, ()):
            if element.slice_name is not None or (type_name in PRIMITIVES and element.name == "value"):
                continue
            child = self._child(type_name, element)
            found[child.name] = child
        return found

    def _child(self, parent: str, element: Element) -> Child:
        name = element.name
        attribute = element.xml == "xmlAttr"
        if element.content_reference is not None:
            target = element.content_reference.rpartition("#")[2]
            return Child(name, element.is_list, ((name, target),))
        codes = [kind.code for kind in element.types]
        if name.endswith("[x]"):
            name = name.removesuffix("[x]")
            alternatives = tuple((name + code[:1].upper() + code[1:], code) for code in codes)
            return Child(name, element.is_list, alternatives)
        code = codes[0] if codes else "Element"
        if name == "id" and self.is_resource(parent):
            code = "id"  # the R4 snapshots say string here and id in the text and in every other release
        elif code in ("BackboneElement", "Element"):
            code = element.id
        return Child(name, element.is_list, ((name, code),), attribute)


def category(type_names: Iterable[str]) -> str | None:
    """Return the one System type that all these types convert to, None where there is none."""
    found = {_category(name) for name in type_names}
    return found.pop() if len(found) == 1 else None


def _category(name: str) -> str | None:
    if name.startswith("System."):
        name = name.removeprefix("System.")
        return name if name in SYSTEM_TYPES else None
    return "Quantity" if name in QUANTITIES else PRIMITIVES.get(name)
