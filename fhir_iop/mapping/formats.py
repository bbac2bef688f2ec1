"""Numbers with a check digit, as formats that record schemas may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NPI_PREFIX = 24  # what the prefix 80840 of health applications in the United States adds to the Luhn sum


def is_npi(text: str) -> bool:
    """Whether a National Provider Identifier's last digit fits the others (45 CFR 162.406; ISO/IEC 7812-1, Luhn)."""
    if len(text) != 10 or not (text.isascii() and text.isdecimal()):
        return False
    digits = [int(digit) for digit in text]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[0:9:2]]
    return (_NPI_PREFIX + sum(doubled) + sum(digits[1:9:2]) + digits[9]) % 10 == 0


CHECKED: dict[str, Callable[[str], bool]] = {"npi": is_npi}
