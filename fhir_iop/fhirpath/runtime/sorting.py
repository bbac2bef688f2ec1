"""Sorting by keys of one kind (https://build.fhir.org/ig/HL7/FHIRPath/#sort)."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.runtime.comparison import compare_items

if TYPE_CHECKING:
    from fhir_iop.fhirpath.runtime.typed import TypedValue


def sorted_by(rows: list[tuple[Any, tuple[TypedValue | None, ...]]], descending: tuple[bool, ...]) -> list[Any]:
    """Return the first of each row, sorted by its keys; a missing key is greater than any other.

    Raises FhirPathError for keys that have no order between them.
    """

    def compare(
        left: tuple[Any, tuple[TypedValue | None, ...]], right: tuple[Any, tuple[TypedValue | None, ...]]
    ) -> int:
        for ours, theirs, down in zip(left[1], right[1], descending, strict=True):
            order = _compare(ours, theirs)
            if order:
                return -order if down else order
        return 0

    return [row[0] for row in sorted(rows, key=cmp_to_key(compare))]


def _compare(left: TypedValue | None, right: TypedValue | None) -> int:
    if left is None or right is None:
        return (left is None) - (right is None)
    return compare_items(left, right, "sort") or 0
