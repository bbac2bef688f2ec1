"""What follows for elements and their slices once a differential has said all that it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fhir_iop.definitions.snapshot.choices import is_sliced_by_type, settled_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.definitions.snapshot.tree import Node


EXTENSIONS: Final = frozenset({"extension", "modifierExtension"})


def settle(new_slices: Sequence[tuple[Node, Node]]) -> None:
    """Change the nodes to say what follows; ``new_slices`` are the slices that the differential made, and of what.

    A slice can't come more often than what it slices. Of extensions there must be as many as their slices demand;
    other elements are left to say so themselves, as HL7's generator leaves them.
    """
    for slice_, sliced in new_slices:
        most = [each for each in (slice_.element.max, sliced.element.max) if each is not None]
        slice_.element = replace(slice_.element, max=min(most, default=None))
    for sliced in {id(sliced): sliced for _, sliced in new_slices}.values():
        if is_sliced_by_type(sliced):
            sliced.element = settled_choice(sliced)
        elif sliced.name in EXTENSIONS:
            demanded = sum(each.element.min for each in sliced.slices)
            sliced.element = replace(sliced.element, min=max(sliced.element.min, demanded))
