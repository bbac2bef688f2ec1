"""What an expression walks over: items with their FHIR type, and the steps from an item to its children."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

PRIMITIVES = {
    "boolean": "Boolean", "integer": "Integer", "positiveInt": "Integer", "unsignedInt": "Integer",
    "decimal": "Decimal", "date": "Date", "dateTime": "DateTime", "instant": "DateTime", "time": "Time",
    "string": "String", "code": "String", "id": "String", "markdown": "String", "uri": "String", "url": "String",
    "canonical": "String", "oid": "String", "uuid": "String", "base64Binary": "String", "xhtml": "String",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One member of a collection.

    `type` is what `is` sees (a FHIR type, or `System.Integer`); `place` is where its children are defined: the type
    itself, or for an element that defines its own children its path (`Patient.contact`). A primitive without a value
    has `value` None; `extra` is its `_name` sibling.
    """

    type: str
    value: Any
    place: str = ""
    extra: Any = None


def system(name: str, value: Any) -> Item:
    return Item(f"System.{name}", value)


def boolean(value: bool | None) -> list[Item]:
    return [] if value is None else [system("Boolean", value)]


def kind(item: Item) -> str:
    """The System type that an item converts to by itself, or Complex."""
    if item.type.startswith("System."):
        return item.type.removeprefix("System.")
    if item.type in PRIMITIVES:
        return PRIMITIVES[item.type]
    return "Quantity" if item.type in ("Quantity", "Age", "Count", "Distance", "Duration") else "Complex"


class Walker:
    """Steps along the definitions."""

    def __init__(self, definitions: Any) -> None:
        self.definitions = definitions

    def root(self, resource: dict[str, Any]) -> Item:
        return Item(resource["resourceType"], resource, resource["resourceType"])

    def children(self, item: Item, wanted: str | None = None) -> list[Item]:
        """All children in the order of the definitions, or those of one name; a choice has its bare name."""
        if item.type.startswith("System."):
            return []
        holder = item.value if isinstance(item.value, dict) else item.extra or {}
        root = item.place.partition(".")[0]
        structure = self.definitions.type(root)
        found = []
        for element in structure.children.get(item.place, ()):
            name = element.name.removesuffix("[x]")
            if item.type in PRIMITIVES and name == "value":
                continue
            if wanted in (None, name):
                found += self._child(item, holder, element, name)
        return found

    def _child(self, parent: Item, holder: dict[str, Any], element: Any, name: str) -> list[Item]:
        if element.content_reference:
            place = element.content_reference.rpartition("#")[2]
            root, _, _ = place.partition(".")
            code = self.definitions.type(root).by_id[place].types[0].code
            return self._items(holder, name, code, place)
        if element.name.endswith("[x]"):
            for option in element.types:
                found = self._items(holder, name + option.code[0].upper() + option.code[1:], option.code, option.code)
                if found:
                    return found
            return []
        code = element.types[0].code if element.types else "Element"
        if name == "id":
            # R4's own snapshots call a resource's id a string; its text, and every later version, call it an id
            code = "id" if self.definitions.is_a(parent.type, "Resource") else "string"
        return self._items(holder, name, code, element.id if code in ("BackboneElement", "Element") else code)

    def _items(self, holder: dict[str, Any], name: str, code: str, place: str) -> list[Item]:
        values, extras = holder.get(name), holder.get(f"_{name}")
        if values is None and extras is None:
            return []
        if not isinstance(values, list) and not isinstance(extras, list):
            values, extras = [values], [extras]
        values, extras = values or [], extras or []
        longest = max(len(values), len(extras))
        values = [*values, *[None] * (longest - len(values))]
        extras = [*extras, *[None] * (longest - len(extras))]
        found = []
        for value, extra in zip(values, extras, strict=True):
            if value is None and extra is None:
                continue
            if isinstance(value, dict) and "resourceType" in value:
                found.append(Item(value["resourceType"], value, value["resourceType"]))
            else:
                found.append(Item(code, value, place, extra))
        return found

    def is_a(self, item: Item, name: str) -> bool:
        """Whether an item is of a type, by its name with or without namespace."""
        if item.type.startswith("System."):
            return name.removeprefix("System.") == item.type.removeprefix("System.") and not name.startswith("FHIR.")
        if name.startswith("System."):
            return False
        return self.definitions.is_a(item.type, name.removeprefix("FHIR."))

    def is_cast(self, item: Item, name: str) -> bool:
        """Whether `as` and `ofType` keep an item: a primitive only by its very type (HL7's suite wants it so)."""
        return self.is_a(item, name) and (item.type not in PRIMITIVES or item.type == name.removeprefix("FHIR."))

    def exists(self, name: str) -> bool:
        bare = name.removeprefix("FHIR.").removeprefix("System.")
        return bare in PRIMITIVES.values() or bare == "Quantity" or self.definitions.type(bare) is not None


def decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value)
