"""Items by their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.runtime.typed import NoValue, several

if TYPE_CHECKING:
    from collections.abc import Sequence


def item_at(items: Sequence[Any], index: int | None) -> Any:
    """Return the item at a place counted from 0, None where there is none."""
    return items[index] if index is not None and 0 <= index < len(items) else None


def only(items: Sequence[Any], name: str) -> Any:
    """Return the one item, None where there is none. Raises FhirPathError where there are several."""
    if len(items) > 1:
        raise several(name)
    return items[0] if items else None


def only_value(items: Sequence[Any], name: str) -> Any:
    """Return the one item as :func:`only` does, None where it is a raw primitive without a value."""
    found = only(items, name)
    return None if isinstance(found, NoValue) else found


def from_index(items: Sequence[Any], number: int | None) -> Sequence[Any]:
    """Return the items after the first ``number``."""
    return items[max(number or 0, 0) :] if number is not None else ()


def until_index(items: Sequence[Any], number: int | None) -> Sequence[Any]:
    """Return the first ``number`` items."""
    return items[: max(number or 0, 0)]
