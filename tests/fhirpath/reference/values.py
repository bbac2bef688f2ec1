"""Equality, equivalence, order and arithmetic of single values (https://hl7.org/fhirpath/N1/#operations)."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.fhirpath.reference.items import Item, decimal, kind, system


class Failed(Exception):
    """The specification wants the evaluation to end with an error."""


class Unspecified(Exception):
    """The specification leaves it open, or this interpreter doesn't know the construct."""


# --- dates and times ----------------------------------------------------------------------------------------------


def fields(text: str) -> tuple[list[Decimal], int | None]:
    """Split `2012-04-15T10:30:00.5+02:00` or `10:30` into its fields and its zone in minutes."""
    text, offset = text.removeprefix("T"), None
    zone = re.search(r"(Z|[+-]\d\d:\d\d)$", text) if "T" in text else None
    if zone:
        text = text[: zone.start()]
        sign = zone.group()
        offset = 0 if sign == "Z" else int(sign[0] + "1") * (int(sign[1:3]) * 60 + int(sign[4:]))
    return [Decimal(part) for part in re.split("[-T:]", text) if part], offset


def compare_moments(left: str, right: str) -> int | None:
    """-1, 0, 1, or None where the shorter one doesn't say."""
    (ours, our_zone), (theirs, their_zone) = fields(left), fields(right)
    timed = "T" in left and "T" in right
    if timed and (our_zone is None) != (their_zone is None):
        raise Unspecified("a time with a zone against one without")
    if timed and our_zone is not None and their_zone is not None and our_zone != their_zone:
        ours, theirs = in_utc(ours, our_zone), in_utc(theirs, their_zone)
    for mine, yours in zip(ours, theirs, strict=False):
        if mine != yours:
            return -1 if mine < yours else 1
    return 0 if len(ours) == len(theirs) else None


def in_utc(parts: list[Decimal], offset: int) -> list[Decimal]:
    whole = [int(part) for part in parts]
    minutes = [*whole[:5], 0][:5] if len(parts) == 4 else whole[:5]
    moved = datetime(*minutes) - timedelta(minutes=offset)  # noqa: DTZ001 - the fields themselves
    shifted: list[Decimal] = [Decimal(n) for n in (moved.year, moved.month, moved.day, moved.hour, moved.minute)]
    return [*shifted, *parts[5:]][: len(parts)]


MONTHS = {"year": 12, "month": 1}
SECONDS = {"week": 604800, "day": 86400, "hour": 3600, "minute": 60, "second": 1, "millisecond": Decimal("0.001")}
CALENDAR_OF = {"wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second", "ms": "millisecond"}


def add_to_moment(item: Item, quantity: Item, sign: int) -> Item:
    """A date or time plus a duration; the result has the precision of the date."""
    amount, unit = quantity_parts(quantity)
    unit = unit.removesuffix("s") if unit not in CALENDAR_OF else unit
    unit = CALENDAR_OF.get(unit, unit)
    text = str(item.value)
    parts, _ = fields(text)
    if kind(item) == "Time":
        raise Unspecified("arithmetic on a time of day")
    if unit in MONTHS:
        months = int(amount) * MONTHS[unit] * sign
        if len(parts) == 1 and unit == "month":
            months = int(months / 12) * 12
        total = int(parts[0]) * 12 + int((*parts, 1)[1]) - 1 + months
        year, month = divmod(total, 12)
        if not 1 <= year <= 9999:
            raise Unspecified("out of the calendar")
        moved = [year, month + 1]
        if len(parts) > 2:
            moved.append(min(int(parts[2]), calendar.monthrange(year, month + 1)[1]))
        return system(kind(item), moment_text(moved, text, parts))
    if unit not in SECONDS:
        raise Failed(f"no duration: {unit}")
    if unit == "second" and amount % 1:
        raise Unspecified("parts of a second: the text counts them, HL7's suite doesn't")
    seconds = Decimal(SECONDS[unit]) * int(amount) * sign
    smallest = [31536000, 2592000, 86400, 3600, 60][len(parts) - 1] if len(parts) < 6 else Decimal("0.001")
    steps = int(seconds / smallest)
    if len(parts) == 1:
        return system(kind(item), moment_text([int(parts[0]) + steps], text, parts))
    if len(parts) == 2:
        year, month = divmod(int(parts[0]) * 12 + int(parts[1]) - 1 + steps, 12)
        return system(kind(item), moment_text([year, month + 1], text, parts))
    micro = int(parts[5] % 1 * 1_000_000) if len(parts) > 5 else 0
    start = datetime(*[int(part) for part in (*parts, 0, 0)[:6]], micro)  # noqa: DTZ001 - the fields themselves
    try:
        end = start + timedelta(milliseconds=float(steps * smallest * 1000))
    except OverflowError:
        raise Unspecified("out of the calendar") from None
    return system(kind(item), moment_text(end, text, parts))


def moment_text(moved: Any, text: str, parts: list[Decimal]) -> str:
    """Write what moved with the precision and zone that `text` has."""
    if isinstance(moved, list):
        date = "-".join(f"{part:0{4 if i == 0 else 2}d}" for i, part in enumerate(moved[: len(parts)]))
        return date + text[len(date) :]
    zone = re.search(r"(Z|[+-]\d\d:\d\d)?$", text).group() if "T" in text else ""
    digits = text.partition(".")[2].removesuffix(zone)
    written = moved.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    if len(parts) > 5:
        return written + (f".{moved.microsecond:06d}"[: len(digits) + 1] if digits else "") + zone
    return written[: [4, 7, 10, 13, 16][len(parts) - 1]] + zone


# --- quantities ---------------------------------------------------------------------------------------------------

UCUM = "http://unitsofmeasure.org"
# unit → dimension and factor; what the generated expressions use, no more
UNITS = {
    "1": ("1", 1), "%": ("1", Decimal("0.01")), "mg": ("mass", Decimal("0.001")), "g": ("mass", 1),
    "kg": ("mass", 1000), "ug": ("mass", Decimal("0.000001")), "cm": ("length", Decimal("0.01")), "m": ("length", 1),
    "s": ("time", 1), "min": ("time", 60), "h": ("time", 3600), "d": ("time", 86400), "wk": ("time", 604800),
    "second": ("time", 1), "minute": ("time", 60), "hour": ("time", 3600), "day": ("time", 86400),
    "week": ("time", 604800), "mm[Hg]": ("pressure", 1), "/min": ("frequency", 1),
}  # fmt: skip


def quantity_parts(item: Item) -> tuple[Decimal, str]:
    """The number and the unit: a UCUM code, a calendar word, or what a FHIR Quantity without a code says."""
    if kind(item) in ("Integer", "Decimal"):
        return decimal(item.value), "1"
    if item.type == "System.Quantity":
        return item.value
    if item.value.get("value") is None:
        raise Unspecified("a Quantity without a value")
    if item.value.get("system") != UCUM or "code" not in item.value or "comparator" in item.value:
        raise Unspecified("a Quantity that isn't in UCUM")
    return decimal(item.value["value"]), item.value["code"]


def in_base(item: Item) -> tuple[Decimal, str]:
    amount, unit = quantity_parts(item)
    singular = unit.removesuffix("s") if unit.removesuffix("s") in UNITS and len(unit) > 2 else unit
    if singular not in UNITS:
        raise Unspecified(f"no conversion of {unit}")
    dimension, factor = UNITS[singular]
    return amount * factor, dimension


def compare_quantities(left: Item, right: Item) -> int | None:
    (ours, our_unit), (theirs, their_unit) = quantity_parts(left), quantity_parts(right)
    if our_unit != their_unit:
        (ours, our_dimension), (theirs, their_dimension) = in_base(left), in_base(right)
        if our_dimension != their_dimension:
            return None
    return (ours > theirs) - (ours < theirs)


# --- equality -----------------------------------------------------------------------------------------------------

NUMBERS = ("Integer", "Decimal")
MOMENTS = ("Date", "DateTime")


def equal(left: Item, right: Item) -> bool | None:
    """`=` of two items; None where it can't be told."""
    kinds = {kind(left), kind(right)}
    if kinds <= {*NUMBERS}:
        return decimal(left.value) == decimal(right.value)
    if kinds <= {"Quantity", *NUMBERS}:
        order = compare_quantities(left, right)
        return None if order is None else order == 0
    if kinds <= {*MOMENTS} or kinds == {"Time"}:
        order = compare_moments(left.value, right.value)
        return None if order is None else order == 0
    if len(kinds) > 1:
        return False
    return left.value == right.value


def equivalent(left: Item, right: Item) -> bool:
    """`~` of two items: always true or false."""
    kinds = {kind(left), kind(right)}
    if kinds <= {*NUMBERS}:
        ours, theirs = decimal(left.value), decimal(right.value)
        digits = min(places(ours), places(theirs))
        return rounded(ours, digits) == rounded(theirs, digits)
    if kinds <= {"Quantity", *NUMBERS}:
        raise Unspecified("equivalence of quantities")
    if kinds <= {*MOMENTS} or kinds == {"Time"}:
        return compare_moments(left.value, right.value) == 0
    if len(kinds) > 1:
        return False
    if kinds == {"String"}:
        return normal(left.value) == normal(right.value)
    if kinds == {"Complex"}:
        raise Unspecified("equivalence of complex values")
    return bool(left.value == right.value)


def normal(text: str) -> str:
    return re.sub(r"\s", " ", text).lower()


def places(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def compare(left: Item, right: Item) -> int | None:
    """The order of two items, None where precision or dimension leaves it open; Failed for types without an order."""
    kinds = {kind(left), kind(right)}
    if kinds <= {*NUMBERS}:
        ours, theirs = decimal(left.value), decimal(right.value)
        return (ours > theirs) - (ours < theirs)
    if kinds <= {"Quantity", *NUMBERS}:
        return compare_quantities(left, right)
    if kinds <= {*MOMENTS} or kinds == {"Time"}:
        return compare_moments(left.value, right.value)
    if kinds == {"String"}:
        return (left.value > right.value) - (left.value < right.value)
    raise Failed("no order between these types")


def calculate(operator: str, left: Item, right: Item) -> list[Item]:
    """`+ - * / div mod` of two items."""
    kinds = (kind(left), kind(right))
    if operator == "+" and kinds == ("String", "String"):
        return [system("String", left.value + right.value)]
    if operator in "+-" and kinds[0] in (*MOMENTS, "Time") and kinds[1] == "Quantity":
        return [add_to_moment(left, right, 1 if operator == "+" else -1)]
    if not {*kinds} <= {*NUMBERS}:
        raise Failed(f"{operator} of {kinds}")
    ours, theirs = decimal(left.value), decimal(right.value)
    whole = kinds == ("Integer", "Integer")
    match operator:
        case "+":
            result = ours + theirs
        case "-":
            result = ours - theirs
        case "*":
            result = ours * theirs
        case "/":
            if theirs == 0:
                return []
            return [system("Decimal", ours / theirs)]
        case "div":
            return [system("Integer", int(ours / theirs))] if theirs else []
        case _:
            result = ours - theirs * int(ours / theirs) if theirs else None
    if result is None:
        return []
    if whole and abs(result) > 2**31 - 1:
        raise Unspecified("an integer beyond its range")
    return [system("Integer", int(result)) if whole else system("Decimal", result)]
