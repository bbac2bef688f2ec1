"""Resources made from the definitions by chance: every type, choices, nesting, primitives with extensions.

They have the shape that the standard describes, and no sense: values come from small pools, so that equal ones meet.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.fhirpath.reference.items import PRIMITIVES

if TYPE_CHECKING:
    from random import Random

POOLS: dict[str, list[Any]] = {
    "Boolean": [True, False],
    "Integer": [0, 1, 2, 3, 10, 365],
    "Decimal": [Decimal(0), Decimal("0.50"), Decimal("1.5"), Decimal("1.50"), Decimal("98.6"), 2],
    "Date": ["2015", "2015-02", "2015-02-07", "2016-02-29", "1974-12-25"],
    "DateTime": ["2015", "2015-02-07", "2015-02-07T13:28:17Z", "2015-02-07T13:28:17.239-05:00", "2015-02-07T18:28:17Z"],
    "Time": ["08:00:00", "13:28:17", "20:15:00.500"],
    "String": ["a", "active", "Peter", "Ünïcode ☃", "two words", 'It\'s \\ "quoted"', "12", "true", "line\nbreak"],
}
INSTANTS = ["2015-02-07T13:28:17Z", "2015-02-07T13:28:17.239-05:00", "2015-02-07T18:28:17Z"]
UNITS = ["mg", "g", "kg", "cm", "min", "d", "1"]


def made(definitions: Any, rng: Random, type_name: str) -> dict[str, Any]:
    """A resource of the type."""
    return _Maker(definitions, rng).resource(type_name)


class _Maker:
    def __init__(self, definitions: Any, rng: Random) -> None:
        self.definitions = definitions
        self.rng = rng

    def resource(self, type_name: str, depth: int = 4) -> dict[str, Any]:
        return {"resourceType": type_name, **self.children(type_name, type_name, depth)}

    def children(self, root: str, place: str, depth: int) -> dict[str, Any]:
        elements = [each for each in self.definitions.type(root).children.get(place, ()) if each.name != "extension"]
        found: dict[str, Any] = {}
        for element in self.rng.sample(elements, min(len(elements), self.rng.randint(1, 6))):
            self.put(found, element, depth)
        return found

    def put(self, found: dict[str, Any], element: Any, depth: int) -> None:
        """Put an element into the object: perhaps several times, a primitive perhaps with its `_name` sibling."""
        name, place = element.name, ""
        if element.content_reference:
            place = element.content_reference.rpartition("#")[2]
            code = "BackboneElement"
        else:
            code = self.rng.choice(element.types).code if element.types else "Element"
            if name.endswith("[x]"):
                name = name.removesuffix("[x]") + code[0].upper() + code[1:]
            elif code in ("BackboneElement", "Element"):
                place = element.id
        count = self.rng.randint(1, 3) if element.is_list else 1
        if code in PRIMITIVES:
            self.put_primitives(found, name, code, count, is_list=element.is_list, attribute=element.xml == "xmlAttr")
        elif depth:
            values = [value for _ in range(count) if (value := self.complex(code, place, depth - 1))]
            if values:
                found[name] = values if element.is_list else values[0]

    def put_primitives(
        self, found: dict[str, Any], name: str, code: str, count: int, *, is_list: bool, attribute: bool
    ) -> None:
        pairs = [self.primitive(code, attribute=attribute) for _ in range(count)]
        values, extras = [value for value, _ in pairs], [extra for _, extra in pairs]
        if any(value is not None for value in values):
            found[name] = values if is_list else values[0]
        if any(extra is not None for extra in extras):
            found[f"_{name}"] = extras if is_list else extras[0]

    def primitive(self, code: str, *, attribute: bool) -> tuple[Any, Any]:
        """A value and its sibling; one of them at least."""
        value = self.rng.choice(INSTANTS if code == "instant" else POOLS[PRIMITIVES[code]])
        chance = 1.0 if attribute else self.rng.random()
        if chance > 0.15:
            return value, None
        extra = {"extension": [{"url": "http://example.org/note", "valueString": self.rng.choice(POOLS["String"])}]}
        return (None if chance < 0.05 else value), extra

    def complex(self, code: str, place: str, depth: int) -> dict[str, Any]:
        if code in ("Resource", "DomainResource"):
            return self.resource(self.rng.choice(["Patient", "Observation", "Medication"]), depth)
        if code == "Quantity":
            unit = self.rng.choice(UNITS)
            number = self.rng.choice(POOLS["Decimal"])
            return {"value": number, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
        found = self.children(place.partition(".")[0] or code, place or code, depth)
        if self.rng.random() < 0.1:
            found["extension"] = [{"url": "http://example.org/note", "valueCode": self.rng.choice(POOLS["String"])}]
        return found
