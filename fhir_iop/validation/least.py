"""The least value that a slice could have: what its definition fixes, and nothing else.

It tells whether two definitions mean the same slice: `systolic` of one profile and `SystolicBP` of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.validation.discriminators import Value

if TYPE_CHECKING:
    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.slices import Slice, Slicing

_DEEPEST: Final = 5  # levels below the slice at which something may be fixed


def lying_in(member: Member, one: Slice, slicing: Slicing, frame: Frame) -> list[Slice]:
    """Return the slices of another slicing of ``member`` in which a value made for the slice ``one`` lies."""
    types = [entry.code for entry in one.view.element.types] or ["BackboneElement"]
    values = [Value(_least(member.expected(type_, [one.view]), _DEEPEST), type_, frame) for type_ in types]
    first, *others = [slicing.choose(value) for value in values]
    return [slice_ for slice_ in first if slice_.criteria and all(slice_ in other for other in others)]


def _least(expected: Expected, levels: int) -> Any:
    for view in expected.views:
        if view.element.fixed is not None:
            return view.element.fixed[1]
    patterns = [view.element.pattern[1] for view in expected.views if view.element.pattern is not None]
    if expected.is_primitive or levels == 0:
        return patterns[0] if patterns else None
    found: dict[str, Any] = {}
    for member in expected.members.values():
        inside = _members(member, levels)
        if inside:
            found[next(iter(member.variants))] = inside if member.is_list else inside[0]
    for pattern in patterns:
        found |= pattern
    return found


def _members(member: Member, levels: int) -> list[Any]:
    """Return what must stand in a child element, as far as it is fixed."""
    asked = [slice_.view for slicing in member.slicings for slice_ in slicing.slices if slice_.view.element.min > 0]
    chosen = [[view] for view in asked] or ([[]] if any(view.element.min > 0 for view in member.views) else [])
    type_ = next(iter(member.variants.values()))
    values = [_least(member.expected(type_, views), levels - 1) for views in chosen]
    return [value for value in values if value not in (None, {})]
