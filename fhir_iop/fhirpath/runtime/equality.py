"""When two items, or two collections, are equal or equivalent (https://hl7.org/fhirpath/N1/#equality)."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import quantity
from fhir_iop.fhirpath.model import STRINGS
from fhir_iop.fhirpath.runtime.dates import equal_dates, equivalent_dates
from fhir_iop.fhirpath.runtime.quantities import quantity_of
from fhir_iop.fhirpath.runtime.typed import amount_of, category_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.fhir.quantity import Quantity
    from fhir_iop.fhirpath.runtime.typed import TypedValue

_NUMBERS = ("Integer", "Decimal")
_DATES = ("Date", "DateTime", "Time")


def equal_quantities(left: Quantity, right: Quantity) -> bool | None:
    """Whether two quantities are the same amount; None where a unit is unknown."""
    return quantity.equal(left, right)


def equal_items(left: TypedValue, right: TypedValue) -> bool | None:
    """Whether two items are equal, None where that can't be known; items of types that don't compare are not."""
    if type(left.value) is str and left.type in STRINGS and right.type in STRINGS:
        return bool(left.value == right.value)
    ours, theirs = category_of(left), category_of(right)
    if left.value is None or right.value is None:
        return left.value is right.value and left.element == right.element
    if ours is None or theirs is None:
        return ours is theirs and bool(left.value == right.value)
    if ours == theirs:
        if ours in _DATES:
            return equal_dates(left.value, right.value)
        if ours == "Quantity":
            return _equal_quantities(left.value, right.value)
        return bool(left.value == right.value)
    kinds = {ours, theirs}
    if kinds <= {"Date", "DateTime"}:
        return equal_dates(left.value, right.value)
    if kinds <= {*_NUMBERS} or ("String" in kinds and kinds & {*_DATES}):
        return bool(left.value == right.value)
    if "Quantity" in kinds and kinds & {*_NUMBERS}:
        mine, other = amount_of(left), amount_of(right)
        return None if mine is None or other is None else quantity.equal(mine, other)
    return False


def _equal_quantities(left: Any, right: Any) -> bool | None:
    if left == right:
        return True
    ours, theirs = quantity_of(left), quantity_of(right)
    if ours is None or theirs is None:
        return False
    return quantity.equal(ours, theirs)


def equal_collections(left: Sequence[TypedValue], right: Sequence[TypedValue]) -> bool | None:
    """Whether two collections hold equal items in the same order; None where one is empty, or items can't tell."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    unknown = False
    for ours, theirs in zip(left, right, strict=True):
        same = equal_items(ours, theirs)
        if same is False:
            return False
        unknown = unknown or same is None
    return None if unknown else True


def equal_lists(left: Sequence[Any], right: Sequence[Any]) -> bool | None:
    """Whether two collections of raw items that compare as Python's do are equal; None where one is empty."""
    return list(left) == list(right) if left and right else None


def equivalent_strings(left: str | None, right: str | None) -> bool:
    """Whether two strings are the same but for case and white space."""
    if left is None or right is None:
        return left is right
    return left == right or _normal(left) == _normal(right)


def equivalent_collections(left: Sequence[TypedValue], right: Sequence[TypedValue]) -> bool:
    """Whether two collections hold equivalent items, in whatever order; two empty ones do."""
    if len(left) != len(right):
        return False
    open_ = list(right)
    for item in left:
        for at, other in enumerate(open_):
            if equivalent_items(item, other):
                del open_[at]
                break
        else:
            return False
    return True


def equivalent_items(left: TypedValue, right: TypedValue) -> bool:
    """Whether two items are equivalent."""
    ours, theirs = category_of(left), category_of(right)
    if ours is None or theirs is None:
        return ours is theirs and _equivalent_json(left.value, right.value)
    if left.value is None or right.value is None:
        return left.value is right.value
    if ours == theirs == "String":
        return equivalent_strings(left.value, right.value)
    if ours in _DATES and theirs in _DATES:
        return equivalent_dates(left.value, right.value)
    if ours in _NUMBERS and theirs in _NUMBERS:
        return quantity.equivalent_decimals(Decimal(left.value), Decimal(right.value))
    if "Quantity" in (ours, theirs) and {ours, theirs} <= {"Quantity", *_NUMBERS}:
        mine, other = amount_of(left), amount_of(right)
        same = bool(left.value == right.value)
        return same if mine is None or other is None else quantity.equivalent(mine, other)
    return ours == theirs and bool(left.value == right.value)


def _equivalent_json(left: Any, right: Any) -> bool:
    """Compare objects by their properties, without regard to order, case and white space; ids don't count."""
    if isinstance(left, dict) and isinstance(right, dict):
        ours, theirs = ({key: value for key, value in one.items() if key != "id"} for one in (left, right))
        return ours.keys() == theirs.keys() and all(_equivalent_json(ours[key], theirs[key]) for key in ours)
    if isinstance(left, list) and isinstance(right, list):
        open_ = list(right)
        for item in left:
            match = next((at for at, other in enumerate(open_) if _equivalent_json(item, other)), None)
            if match is None:
                return False
            del open_[match]
        return not open_
    if isinstance(left, str) and isinstance(right, str):
        return equivalent_strings(left, right)
    return bool(left == right)


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKD", text).casefold().split())
