"""A seed: one defect put into an example, the one finding it must give, and a harmless change of the same element."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.schema import Structure
from tests.validation.seeded.spots import Path, Spot, spots_of

Edit = Callable[[dict[str, Any]], Any]
"""Changes a resource that is its own; what it returns, if that is an object, stands in the resource's place."""


@dataclass(frozen=True)
class Example:
    """One published example, and the definitions that it is held to: its type's first."""

    name: str
    version: str
    resource: dict[str, Any]
    structures: tuple[Structure, ...]
    definitions: Definitions = field(repr=False)
    questionnaire: dict[str, Any] | None = None

    @property
    def type(self) -> str:
        return str(self.resource["resourceType"])

    @cached_property
    def spots(self) -> list[Spot]:
        """Every value in it."""
        return list(spots_of(self.definitions, self.resource, self.structures))

    def has(self, *names: str) -> bool:
        return all(name in self.resource for name in names)

    def claims(self, part: str) -> bool:
        """Whether one of the definitions is called so."""
        return any(part in structure.url for structure in self.structures)


@dataclass(frozen=True)
class Seed:
    """``broken`` must give one finding of ``rule`` at ``place`` (and those of ``more``), ``control`` none."""

    rule: str
    place: str
    broken: Edit
    control: Edit
    severity: str | None = None
    more: tuple[tuple[str, str], ...] = ()


Kind = Callable[[Example], Iterator[Seed]]


def at(resource: Any, path: Path) -> Any:
    for step in path:
        resource = resource[step]
    return resource


def put(path: Path, value: Any) -> Edit:
    def edit(resource: dict[str, Any]) -> None:
        at(resource, path[:-1])[path[-1]] = value

    return edit


def drop(path: Path) -> Edit:
    """Take a value out; an array that it leaves empty goes with it."""

    def edit(resource: dict[str, Any]) -> None:
        holder = at(resource, path[:-1])
        del holder[path[-1]]
        if holder == [] and isinstance(path[-2], str):
            del at(resource, path[:-2])[path[-2]]

    return edit


def give(path: Path, **values: Any) -> Edit:
    """Give the object at a path more properties, or others."""
    return lambda resource: at(resource, path).update(values)


def add(path: Path, value: Any) -> Edit:
    """Add to the array at a path, which may not be there."""

    def edit(resource: dict[str, Any]) -> None:
        at(resource, path[:-1]).setdefault(path[-1], []).append(value)

    return edit


def both(*edits: Edit) -> Edit:
    def edit(resource: dict[str, Any]) -> Any:
        for one in edits:
            one(resource)

    return edit


def rename(path: Path, name: str) -> Edit:
    def edit(resource: dict[str, Any]) -> None:
        holder = at(resource, path[:-1])
        holder[name] = holder.pop(path[-1])

    return edit


def mark(path: Path) -> Edit:
    """Give an element an id of its own, which any element may have."""
    id_ = "-".join(map(str, path))

    def edit(resource: dict[str, Any]) -> None:
        value = at(resource, path)
        if isinstance(value, list):
            mark((*path, 0))(resource)
        elif isinstance(value, dict):
            value["id"] = id_
        elif isinstance(path[-1], int):
            values = at(resource, path[:-1])
            siblings = at(resource, path[:-2]).setdefault(f"_{path[-2]}", [None] * len(values))
            siblings[path[-1]] = {"id": id_}
        else:
            at(resource, path[:-1])[f"_{path[-1]}"] = {"id": id_}

    return edit
