"""Which slices values lie in, and whether values may stand side by side."""

from typing import Any

from fhir_iop.validation.discriminators import Value
from fhir_iop.validation.expected import View
from fhir_iop.validation.frame import Frame, Outside
from tests.validation.generated.plan import Slot, deepest, flat


def views_of(slot: Slot, type_: str, value: Any, outside: Outside) -> tuple[View, ...]:
    """Return the views of the slices that a value lies in."""
    found = (deepest(slicing.choose(_seen(value, type_, outside))) for slicing in slot.slicings)
    return tuple(view for view in found if view is not None)


def occurrences(slot: Slot, type_: str, values: list[Any], view: View, outside: Outside) -> int:
    """Return how many values lie in a slice."""
    return sum(
        any(slice_.view is view for slicing in slot.slicings for slice_ in slicing.choose(_seen(value, type_, outside)))
        for value in values
    )


def fit(slot: Slot, type_: str, values: list[Any], outside: Outside) -> bool:
    """Whether no slice has too many, and nothing is outside of closed slices."""
    if len(values) > slot.high:
        return False
    for slicing in slot.slicings:
        chosen = [slicing.choose(_seen(value, type_, outside)) for value in values]
        if slicing.rules != "open" and not all(chosen):
            return False
        for slice_ in flat(slicing):
            most = slice_.view.element.max
            if most is not None and sum(slice_ in slices for slices in chosen) > most:
                return False
    return True


def lack(slot: Slot, type_: str, values: list[Any], outside: Outside) -> bool:
    """Whether a slice has too few members."""
    needed = [slice_.view for slicing in slot.slicings for slice_ in slicing.slices if slice_.view.element.min]
    return any(occurrences(slot, type_, values, view, outside) < view.element.min for view in needed)


def _seen(value: Any, type_: str, outside: Outside) -> Value:
    return Value(value, type_, Frame({}, outside))
