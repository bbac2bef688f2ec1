"""What a fault is, and where in a resource one may be put so that it is the only one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath import FhirPathError
from fhir_iop.validation.frame import Frame
from fhir_iop.validation.item import Item
from fhir_iop.validation.place import Place
from tests.validation.generated.generator import Making
from tests.validation.generated.references import fragments

if TYPE_CHECKING:
    from fhir_iop.validation.expected import Expected, Member
    from tests.validation.generated.generator import Generator


@dataclass(frozen=True, slots=True)
class Fault:
    """A resource with one fault: ``rule`` must find it at ``expression``, and nothing else may be found."""

    resource: dict[str, Any]
    expression: str
    rule: str


Maker = Callable[["Sites", Random], "Fault | None"]


class Sites:
    """The places of one resource, a copy that makers of faults may change; each makes at most one change."""

    def __init__(self, generator: Generator, resource: dict[str, Any], asked: tuple[str, ...] = ()) -> None:
        self.generator = generator
        self.resource = deepcopy(resource)
        expectations = generator.expectations
        self._claims = type_, claims = expectations.claims(self.resource)
        structures = [generator.definitions.structure(canonical) for canonical in asked]
        roots = [expectations.root(structure) for structure in structures if structure is not None]
        self.expected = expectations.expected(type_, (), (*claims, *roots))
        self.items = list(self._walk(self.root()))

    def is_whole(self) -> bool:
        """Whether the resource claims what it did, and refers to all that it contains."""
        pointers = set(fragments(self.resource))
        ids = [inner.get("id") for inner in self.resource.get("contained", ())]
        return self.generator.expectations.claims(self.resource) == self._claims and all(
            f"#{id_}" in pointers for id_ in ids
        )

    def root(self) -> Item:
        """Return the resource as it is now, as an Item."""
        frame = Frame(self.resource, self.generator.expectations.outside)
        return Item(self.resource, self.expected, Place(self.expected.type), frame)

    def _walk(self, item: Item) -> Iterator[Item]:
        """Yield the items at which a fault is that one's alone: not those in resources that must fit a reference."""
        yield item
        for member, children in item.children.items():
            if member.name != "contained":
                for child in children:
                    yield from self._walk(child)

    def objects(self) -> list[Item]:
        """The items that are objects."""
        return [item for item in self.items if not item.expected.is_primitive]

    def primitives(self) -> list[Item]:
        """The items that are primitives with a value that nothing else depends on."""
        return [
            item
            for item in self.items
            if item.expected.is_primitive and item.value is not None and item.expected.type != "xhtml" and is_free(item)
        ]

    def fault(self, rule: str, expression: str) -> Fault | None:
        """Return the Fault that was made; None where an invariant, a profile or what is contained was lost as well."""
        if not self.is_whole() and not rule.startswith("contained-"):
            return None
        if any(not lawful(item, self.generator) for item in self.root().walk() if item.fits):
            return None
        return Fault(self.resource, expression, rule)


def lawful(item: Item, generator: Generator) -> bool:
    """Whether the invariants of one value hold."""
    for one in item.expected.invariants if item.value is not None else ():
        if one.holds is None or one.constraint.best_practice or one.constraint.severity != "error":
            continue
        frame = item.up.frame if one.is_outer and item.up is not None else item.frame
        try:
            if not one.holds(item.value, frame.context):
                return False
        except FhirPathError as error:
            if error.rule != "fhirpath-resource":  # data without the form of its type is told as that
                return False
    return True


def is_free(item: Item) -> bool:
    """Whether a value may change without changing what something around it is: a slice, an extension, a code."""
    at: Item | None = item
    while at is not None:
        if any(at.chosen.values()) or is_settled(at.expected):
            return False
        if at is not item and (at.expected.bindings or at.expected.type in {"Extension", "Coding", "Identifier"}):
            return False
        at = at.up
    return True


def is_told_apart(item: Item) -> bool:
    """Whether what stands in a value tells its slice; a choice is told by its type alone."""
    return any(slices and not slicing.view.element.name.endswith("[x]") for slicing, slices in item.chosen.items())


def is_settled(expected: Expected) -> bool:
    """Whether a fixed value or a pattern says what must be there."""
    return any(view.element.fixed is not None or view.element.pattern is not None for view in expected.views)


def replace(item: Item, value: Any) -> None:
    """Put another value in an item's place."""
    holder, key = item.up.content, item.place.key  # type: ignore[union-attr]  # never the root
    if item.place.index is None:
        holder[key] = value
    else:
        holder[key][item.place.index] = value


def remove(item: Item, member: Member) -> None:
    """Take an element out of an object, whatever its type."""
    for name in member.variants:
        item.content.pop(name, None)
        item.content.pop("_" + name, None)


def fresh(rng: Random) -> Making:
    """Begin something to put into a resource; its elements' ids are none that the resource has."""
    return Making(rng, 0.05, may_contain=False, ids=1000)


def chosen(rng: Random, among: list[Any]) -> Any:
    """Return one of a list; None where it is empty."""
    return rng.choice(among) if among else None
