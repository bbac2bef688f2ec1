"""What follows for elements and their slices once a differential has said all that it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fhir_iop.definitions.snapshot.choices import is_sliced_by_type, settled_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.definitions.snapshot.tree import Node


def settle(root: Node, new_slices: Sequence[tuple[Node, Node]]) -> None:
    """Change the tree to say what follows; ``new_slices`` are the slices that the differential made, and of what.

    A slice can't come more often than what it slices, which in turn must be there as often as its slices demand.
    """
    for slice_, sliced in new_slices:
        most = [each for each in (slice_.element.max, sliced.element.max) if each is not None]
        slice_.element = replace(slice_.element, max=min(most, default=None))
    for choice in {id(sliced): sliced for _, sliced in new_slices if is_sliced_by_type(sliced)}.values():
        choice.element = settled_choice(choice)
    _raise_minimum(root)


def _raise_minimum(node: Node) -> None:
    """Demand of every element in the tree what its slices demand together."""
    demanded = sum(each.element.min for each in node.slices if "/" not in (each.element.slice_name or ""))
    if demanded > node.element.min:
        node.element = replace(node.element, min=demanded)
    for each in (*(node.children or ()), *node.slices):
        _raise_minimum(each)
