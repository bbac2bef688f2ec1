"""Where each element of a record's resources comes from: the rule that wrote it, and the field that the rule read.

The tree of rules is walked along the resources that were made, with the record beside it. No value is looked at that
isn't needed to tell which rule applied, and none is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.functions import PartReferences, Present
from fhir_iop.mapping.functions.computed import PartReference
from fhir_iop.mapping.rules import Leaf, Member, Members, Part, drivers, is_written, member_tests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.document import Place
    from fhir_iop.mapping.plan import Plan, ResourcePlan
    from fhir_iop.mapping.rules import Scope, Source, Test


@dataclass(frozen=True)
class Origin:
    """One element of a resource, and whence it is.

    ``path`` leads to it from the resource by its JSON names; ``rule`` is the line that wrote it, at ``place``;
    ``pointer`` the JSON pointer of the field in the record, empty where the rule reads none (a constant, what is
    computed, what tells a slice).
    """

    path: str
    rule: str
    place: Place
    pointer: str = ""

    @property
    def where(self) -> str:
        """``file:line`` of the rule."""
        return f"{self.place.file}:{self.place.line}"


@dataclass(frozen=True)
class Explained:
    """One resource, as it was mapped, and the origins of its elements, in its order."""

    resource: dict[str, Any]
    origins: list[Origin]


def explain(plan: Plan, record: dict[str, Any], resources: list[dict[str, Any]]) -> list[Explained]:
    """Explain ``resources``, which ``plan`` made of ``record`` (nothing labelled or changed since)."""
    left = iter(resources)
    root = plan.context.root
    found: list[Explained] = []
    for resource in plan.resources:
        source = resource.role.source
        walk = _Walk({root: record}, {root: ""})
        if source is None:
            found.append(_resource(resource, next(left), walk))
        elif resource.role.many:
            found += [_resource(resource, next(left), inner) for inner in walk.items(source, resource.scope)]
        elif walk.value(source) is not None:
            inner = walk.inside(resource.scope, walk.value(source), walk.pointer(source))
            found.append(_resource(resource, next(left), inner))
    return found


def _resource(resource: ResourcePlan, made: dict[str, Any], walk: _Walk) -> Explained:
    kind = resource.role.resource
    identity = Origin(f"{kind}.id", "id = identity()", resource.place, "/id")
    return Explained(made, [identity, *walk.part(resource.part, made, kind, resource.place)])


@dataclass(frozen=True)
class _Walk:
    """What the scopes stand for at one place of the walk: their values, and their pointers into the record."""

    values: dict[Scope, Any]
    pointers: dict[Scope, str]

    def inside(self, scope: Scope, value: Any, pointer: str) -> _Walk:
        return _Walk({**self.values, scope: value}, {**self.pointers, scope: pointer})

    def items(self, source: Source, scope: Scope) -> list[_Walk]:
        """Return a walk for each item of a list."""
        start = self.pointer(source)
        return [self.inside(scope, item, f"{start}/{n}") for n, item in enumerate(self.value(source) or ())]

    # --- the record --------------------------------------------------------------------------------------------------

    def value(self, source: Source) -> Any:
        found = self.values[source.scope]
        for step in source.steps:
            found = found.get(step) if isinstance(found, dict) else None
        return source.shape.schema.get("default") if found is None and source.has_default else found

    def pointer(self, source: Source) -> str:
        return self.pointers[source.scope] + "".join(f"/{step}" for step in source.steps)

    def _holds(self, test: Test) -> bool:
        value = self.value(test.source)
        if test.values:
            there = value in test.values
        else:
            there = bool(value) if test.source.shape.kind == "boolean" else value is not None
        return there != test.negated

    def _writes(self, leaf: Leaf) -> bool:
        """Whether the rule writes anything here."""
        if leaf.arrow == "<-" or not all(map(self._holds, leaf.tests)):
            return False
        source = leaf.computed.source if isinstance(leaf.computed, PartReference) else leaf.source
        if source is None:
            return True
        value = self.value(source)
        if isinstance(leaf.function, Present) or source.shape.kind == "array":
            return bool(value)
        return value is not None

    def _built(self, part: Part) -> bool:
        """Whether anything makes ``part`` exist."""
        leaves = drivers(part)
        return part.always or not leaves or any(map(self._writes, leaves))

    # --- the resource ------------------------------------------------------------------------------------------------

    def part(self, part: Part, made: dict[str, Any], path: str, place: Place, given: Any = None) -> Iterator[Origin]:
        """Yield the origins of what is in ``made``; ``given`` are constants of its slice, told at ``place``."""
        for key, value in made.items():
            entry, inner = part.entries.get(key), f"{path}.{key}"
            if isinstance(entry, list):
                wrote = [leaf for leaf in entry if self._writes(leaf)]
                yield from (self.origin(leaf, inner) for leaf in wrote[-1:])
            elif isinstance(entry, Part):
                yield from self.part(entry, value, inner, place)
            elif isinstance(entry, Members):
                yield from self._list(entry, value, inner, place)
            elif isinstance(given, dict) and key in given:
                yield Origin(inner, "what tells the slice", place)

    def _list(self, entry: Members, made: list[Any], path: str, place: Place) -> Iterator[Origin]:
        position = 0
        for member in entry.members:
            for walk in self._of(member):
                inner, content = f"{path}[{position}]", member.content
                if isinstance(content, Leaf):
                    yield walk.origin(content, inner)
                else:
                    first = next((leaf.place for leaf in drivers(content)), place)
                    yield from walk.part(content, made[position], inner, first, member.pattern)
                position += 1

    def _of(self, member: Member) -> list[_Walk]:
        """Return a walk for each item that ``member`` wrote."""
        content = member.content
        if not is_written(content) or not all(map(self._holds, member_tests(member))):
            return []
        if member.each is not None and member.each.source is not None:
            return self.items(member.each.source, member.each)
        if isinstance(content, Leaf) and isinstance(content.computed, PartReferences):
            source = content.computed.source
            return [self] * len(self.value(source) or ()) if source is not None else []
        written = self._writes(content) if isinstance(content, Leaf) else self._built(content)
        return [self] if written else []

    def origin(self, leaf: Leaf, path: str) -> Origin:
        """Return the origin of what ``leaf`` wrote at ``path``."""
        source = leaf.computed.source if isinstance(leaf.computed, PartReference) else leaf.source
        return Origin(path, " ".join(leaf.text.split()), leaf.place, self.pointer(source) if source is not None else "")
