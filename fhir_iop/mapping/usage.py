"""What becomes of each field of a record: the rules that read it, the reason it is dropped for, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fhir_iop.mapping.plan import Plan
    from fhir_iop.mapping.rules import Leaf, Scope, Source
    from fhir_iop.mapping.shapes import Shape

# Filled and read by the compiler itself: the kind of record, and the id that all its resources are named by.
ENVELOPE = frozenset({"record", "id"})

_Spot = tuple["Scope", tuple[str, ...]]


@dataclass(frozen=True)
class Use:
    """One field of a record's schema: its ``path`` with dots (``steps.dose``), and what is done with it.

    ``leaves`` are the rules that write or read it, ``decides`` those that it only is a condition of, ``reason`` why it
    is dropped. With none of these it is forgotten.
    """

    path: str
    shape: Shape
    leaves: tuple[Leaf, ...] = ()
    decides: tuple[Leaf, ...] = ()
    reason: str = ""

    @property
    def is_forgotten(self) -> bool:
        """Whether the mapping says nothing of it."""
        return not (self.leaves or self.decides or self.reason)


@dataclass
class _Used:
    """What is read where: rules by the field that they read, conditions, and the scopes inside each list."""

    leaves: dict[_Spot, list[Leaf]] = field(default_factory=dict)
    decides: dict[_Spot, list[Leaf]] = field(default_factory=dict)
    inside: dict[_Spot, list[Scope]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> _Used:
        used = cls()
        for leaf in plan.leaves:
            if leaf.source is not None:
                used.leaves.setdefault((leaf.source.scope, leaf.source.steps), []).append(leaf)
            for test in leaf.tests:
                if test.values:
                    used.decides.setdefault((test.source.scope, test.source.steps), []).append(leaf)
        for scope in _scopes(plan):
            if scope.source is not None:
                used.inside.setdefault((scope.source.scope, scope.source.steps), []).append(scope)
        return used

    def scopes_at(self, at: list[_Spot]) -> list[_Spot]:
        """Return the scopes whose fields are counted from a place, through lists of lists."""
        found: list[_Spot] = [(scope, ()) for key in at for scope in self.inside.get(key, [])]
        return found + (self.scopes_at(found) if found else [])

    def reaches(self, at: list[_Spot]) -> bool:
        """Whether a rule reads something below one of the places."""
        spots = [*self.leaves, *self.decides]
        return any(scope is other and way[: len(steps)] == steps for scope, steps in at for other, way in spots)


def uses(plan: Plan) -> list[Use]:
    """Return all fields of the record of ``plan``, in the schema's order; of objects, the fields inside."""
    used, found = _Used.of(plan), list[Use]()
    _walk(plan, used, plan.context.root.shape, [(plan.context.root, ())], (), found)
    return found


def _walk(plan: Plan, used: _Used, shape: Shape, at: list[_Spot], way: tuple[str, ...], found: list[Use]) -> None:
    dropped = {tuple(name.split(".")): reason for name, reason in plan.dropped.items()}
    for name in shape.properties:
        here = (*way, name)
        inner = shape.field(name)
        if inner is None or (len(here) == 1 and name in ENVELOPE):
            continue
        path = ".".join(here)
        places = [(scope, (*steps, name)) for scope, steps in at]
        deeper = used.scopes_at(places)
        places += deeper
        leaves = tuple(leaf for spot in places for leaf in used.leaves.get(spot, ()))
        decides = tuple(leaf for spot in places for leaf in used.decides.get(spot, ()))
        if here in dropped or leaves or decides:
            found.append(Use(path, inner, leaves, decides, dropped.get(here, "")))
            continue
        content = inner.item if inner.kind == "array" else inner
        if (deeper or used.reaches(places)) and content is not None and content.properties:
            _walk(plan, used, content, places, here, found)
        else:
            found.append(Use(path, inner))


def _scopes(plan: Plan) -> set[Scope]:
    """Return every scope that a rule reads in, and those around it."""
    found = {resource.scope for resource in plan.resources}
    for source in _sources(plan):
        scope: Scope | None = source.scope
        while scope is not None:
            found.add(scope)
            scope = scope.source.scope if scope.source is not None else None
    return found


def _sources(plan: Plan) -> list[Source]:
    """Return the fields whose values are written, or decide what is."""
    found = [leaf.source for leaf in plan.leaves if leaf.source is not None]
    return found + [test.source for leaf in plan.leaves for test in leaf.tests if test.values]
