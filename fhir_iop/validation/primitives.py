"""The primitive types: which JSON values they take and which of these are right.

https://hl7.org/fhir/R4/datatypes.html#primitive. Both the compiled check and the findings ask the same predicates.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.shapes import LONGEST_STRING

if TYPE_CHECKING:
    from collections.abc import Callable

_SMALLEST_INTEGER: Final = -(2**31)
_LARGEST_INTEGER: Final = 2**31 - 1

# A day that doesn't exist is not a date: months have their lengths and February its leap years.
_YEAR = r"(?!0000)[0-9]{4}"
_LEAP_YEAR = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY_OF_YEAR = r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_FULL_DATE = rf"(?:{_YEAR}-{_DAY_OF_YEAR}|(?!0000){_LEAP_YEAR}-02-29)"
_DATE = rf"(?:{_FULL_DATE}|{_YEAR}(?:-(?:0[1-9]|1[0-2]))?)"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OID = r"[0-2](?:\.(?:0|[1-9][0-9]*))+"
# A URN of these two kinds has a form of its own wherever it stands.
_URI = rf"(?!urn:uuid:(?!{_UUID}$))(?!urn:oid:(?!{_OID}$))\S+"
# No control characters but tab, line feed and carriage return.
_CLEAN_TEXT = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]+")
_BASE64 = re.compile(r"(?:[0-9a-zA-Z+/]{4})*(?:[0-9a-zA-Z+/]{2}==|[0-9a-zA-Z+/]{3}=)?")

_PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    type_: re.compile(pattern)
    for type_, pattern in {
        "canonical": _URI,
        "code": r"\S+(?:\s\S+)*",
        "date": _DATE,
        "dateTime": rf"(?:{_FULL_DATE}T{_TIME}{_ZONE}|{_DATE})",
        "id": r"[A-Za-z0-9\-.]{1,64}",
        "instant": rf"{_FULL_DATE}T{_TIME}{_ZONE}",
        "oid": rf"urn:oid:{_OID}",
        "time": _TIME,
        "uri": _URI,
        "url": _URI,
        "uuid": rf"urn:uuid:{_UUID}",
    }.items()
}


def _shaped(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    match = pattern.fullmatch
    return lambda value: match(value) is not None


def _is_text(value: str) -> bool:
    return len(value) <= LONGEST_STRING and (value.isprintable() or _CLEAN_TEXT.fullmatch(value) is not None)


def _is_base64(value: str) -> bool:
    # White space is ignored when reading, as RFC 4648 lets a specification say.
    compact = value if value.isalnum() else "".join(value.split())
    return bool(compact) and _BASE64.fullmatch(compact) is not None


def decoded_length(data: str) -> int:
    """Return how many bytes base64 text stands for, without decoding it."""
    digits = len(data) - sum(map(data.count, " \t\r\n"))
    return digits // 4 * 3 - data[-2:].count("=")


def _integer(smallest: int) -> Callable[[int], bool]:
    return lambda value: smallest <= value <= _LARGEST_INTEGER


def _anything(_value: Any) -> bool:
    return True


# Given a value of one of JSON_TYPES, whether it is a value of the type.
FORMATS: Final[dict[str, Callable[[Any], bool]]] = {
    **{type_: _shaped(pattern) for type_, pattern in _PATTERNS.items()},
    "base64Binary": _is_base64,
    "markdown": _is_text,
    "string": _is_text,
    "boolean": _anything,
    "decimal": _anything,
    "integer": _integer(_SMALLEST_INTEGER),
    "positiveInt": _integer(1),
    "unsignedInt": _integer(0),
    "xhtml": _anything,  # rules/narrative.py
}

# What a value of the type looks like, for people.
EXAMPLES: Final[dict[str, str]] = {
    "base64Binary": "base64, such as SGVsbG8=",
    "canonical": "a URI without white space, with |version where needed",
    "code": "a code without white space before, after, or twice in a row",
    "date": "a date that exists, as YYYY, YYYY-MM or YYYY-MM-DD",
    "dateTime": "a date that exists, as YYYY, YYYY-MM, YYYY-MM-DD, or with a time in full and its zone "
    "(YYYY-MM-DDThh:mm:ss+zz:zz)",
    "id": "1 to 64 of the characters A-Z a-z 0-9 - .",
    "instant": "a date that exists with a time in full and its zone (YYYY-MM-DDThh:mm:ss.sss+zz:zz)",
    "integer": "a whole number of 32 bits",
    "markdown": "text without control characters, of at most 1 MB",
    "oid": "urn:oid: and an OID",
    "positiveInt": "a whole number from 1 to 2147483647",
    "string": "text without control characters, of at most 1 MB",
    "time": "a time of day as hh:mm:ss",
    "unsignedInt": "a whole number from 0 to 2147483647",
    "uri": "a URI without white space; urn:uuid: in lower case and urn:oid: with an OID",
    "url": "a URL without white space",
    "uuid": "urn:uuid: and a UUID in lower case",
}

_NUMBERS = frozenset({int, float, Decimal})

# The Python types that a JSON value of the FHIR type has. A decimal's digits come as Decimal; a caller's own dict may
# hold a float.
JSON_TYPES: Final[dict[str, frozenset[type]]] = {
    **dict.fromkeys((*_PATTERNS, "base64Binary", "markdown", "string", "xhtml"), frozenset({str})),
    "boolean": frozenset({bool}),
    "decimal": _NUMBERS,
    "integer": frozenset({int}),
    "positiveInt": frozenset({int}),
    "unsignedInt": frozenset({int}),
}


def _form(type_: str) -> Callable[[Any], bool]:
    """Return the quick test of form: True only for a right value of the right JSON type, whatever it is given."""
    if type_ in _PATTERNS:
        return _PATTERNS[type_].fullmatch  # type: ignore[return-value]  # a match is as good as True, None as False
    if type_ == "boolean":
        return lambda value: value is True or value is False
    if type_ == "decimal":
        return lambda value: type(value) in _NUMBERS
    types, is_right = JSON_TYPES[type_], FORMATS[type_]
    return lambda value: type(value) in types and is_right(value)


def _is_short_line(value: Any) -> bool:
    return len(value) <= LONGEST_STRING and value != "" and (value.isprintable() or _is_text(value))


# Text is nearly always one printable line; a value without these methods is no text (AttributeError).
TESTS: Final[dict[str, Callable[[Any], bool]]] = {type_: _form(type_) for type_ in JSON_TYPES} | {
    "markdown": _is_short_line,
    "string": _is_short_line,
    "xhtml": lambda value: type(value) is str,
}
