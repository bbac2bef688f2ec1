"""The JSON values of what XML writes as text: booleans and numbers (https://hl7.org/fhir/R4/datatypes.html#primitive)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.json import number

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# Far beyond the 32 bits of FHIR's integers; the range itself is for validation to check, as with JSON.
_LONGEST_INTEGER = 18


def _boolean(text: str) -> bool:
    if text == "true":
        return True
    if text == "false":
        return False
    raise ValueError("it is neither true nor false")


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER or not _INTEGER.fullmatch(text):
        raise ValueError("it is not a whole number without sign or zeros before it")
    return int(text)


def _decimal(text: str) -> Any:
    """Return an int or a Decimal, as reading the same number in JSON does."""
    if len(text) <= _LONGEST_INTEGER and text != "-0" and _INTEGER.fullmatch(text):
        return int(text)
    if not _DECIMAL.fullmatch(text):
        raise ValueError("it is not a number")
    return number(text)


CONVERT: Final[dict[str, Callable[[str], Any]]] = {
    "boolean": _boolean,
    "decimal": _decimal,
    **dict.fromkeys(("integer", "positiveInt", "unsignedInt"), _integer),
}
"""Primitive type → what makes a value of its text; raises ValueError, with the reason, where that is none."""
