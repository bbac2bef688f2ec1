"""Random values of the primitive types: mostly plain, now and then a corner of what the standard allows.

https://hl7.org/fhir/R4/datatypes.html#primitive.
"""

import base64
from calendar import monthrange
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

WORDS = (
    "steady",
    "craving",
    "session",
    "Zoë",
    "李雷",
    "évening",
    "take two",
    "«as needed»",
    "n/a",
    "50 % better",
    "🙂 fine",
)
RARE_TEXTS = (
    "e\u0301 combined",
    "line one\nline two",
    "a\tb",
    "<b>not markup</b> & more",
    "x" * 300,
    "0",
    "\u200fשלום",
)
HOST = "http://records.invented.test"
CORNER = 0.08


def text(rng: Random) -> str:
    if rng.random() < CORNER:
        return rng.choice(RARE_TEXTS)
    return " ".join(rng.choice(WORDS) for _ in range(rng.choice((1, 1, 2, 3))))


def date(rng: Random) -> str:
    if rng.random() < CORNER:
        return rng.choice(("2024-02-29", "2000-02-29", "1912-02-29", "2025-12-31", "1999", "2026-01"))
    year, month = rng.randint(1930, 2026), rng.randint(1, 12)
    return f"{year}-{month:02}-{rng.randint(1, monthrange(year, month)[1]):02}"


def time(rng: Random) -> str:
    plain = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    return plain + (rng.choice((".5", ".123", ".000001")) if rng.random() < CORNER / 4 else "")


def zone(rng: Random) -> str:
    return rng.choice(("Z", "Z", "-05:00", "+05:30", "+14:00", "-00:00", "+13:00"))


def instant(rng: Random) -> str:
    day = date(rng)
    while len(day) < 10:
        day = date(rng)
    fraction = rng.choice(("", "", "", ".5", ".123", ".000001"))
    return f"{day}T{time(rng).partition('.')[0]}{fraction}{zone(rng)}"


def date_time(rng: Random) -> str:
    return date(rng) if rng.random() < 0.3 else instant(rng)


def decimal(rng: Random) -> Decimal:
    if rng.random() < CORNER:
        return Decimal(rng.choice(("0.0", "-0.50", "1.000", "123456789.123456789", "0.000001", "-1")))
    return Decimal(rng.randint(0, 2000)).scaleb(-rng.choice((0, 0, 1, 2)))


def whole(smallest: int, largest: int) -> Callable[[Random], int]:
    def draw(rng: Random) -> int:
        if rng.random() < CORNER:
            return rng.choice((smallest, largest))
        return rng.randint(max(smallest, -5), 120)

    return draw


def _hexadecimal(rng: Random, digits: int) -> str:
    return f"{rng.getrandbits(4 * digits):0{digits}x}"


def uuid(rng: Random) -> str:
    return "urn:uuid:" + "-".join(_hexadecimal(rng, digits) for digits in (8, 4, 4, 4, 12))


def oid(rng: Random) -> str:
    arcs = [
        str(rng.choice((0, 1, 16, 840, 113883))) for _ in range(rng.randint(3, 6) if rng.random() > CORNER / 4 else 2)
    ]
    return ".".join(["urn:oid:2", *arcs])


def url(rng: Random) -> str:
    return f"{HOST}/{rng.choice(('files', 'forms', 'a/b'))}/{rng.randint(1, 999)}" + rng.choice(("", "", "?page=1&x=y"))


def uri(rng: Random) -> str:
    return rng.choice((url, url, uuid, oid))(rng)


def canonical(rng: Random) -> str:
    return f"{HOST}/definitions/{rng.randint(1, 99)}" + rng.choice(("", "|1.0", "|2.1.0-draft"))


def identity(rng: Random) -> str:
    if rng.random() < CORNER:
        return rng.choice(("A.b-9", "x" * 64, "0"))
    return f"{rng.choice(('inv', 'r', 'X-1'))}-{rng.randint(1, 9999)}"


def base64_text(rng: Random) -> str:
    return base64.b64encode(rng.randbytes(rng.randint(1, 24))).decode()


DRAW: dict[str, Callable[[Random], Any]] = {
    "base64Binary": base64_text,
    "boolean": lambda rng: rng.random() < 0.5,
    "canonical": canonical,
    "code": lambda rng: rng.choice(("routine", "a-b", "two words", "x.1")),
    "date": date,
    "dateTime": date_time,
    "decimal": decimal,
    "id": identity,
    "instant": instant,
    "integer": whole(-(2**31), 2**31 - 1),
    "markdown": lambda rng: rng.choice(("", "# Plan\n\n", "* ")) + text(rng),
    "oid": oid,
    "positiveInt": whole(1, 2**31 - 1),
    "string": text,
    "time": time,
    "unsignedInt": whole(0, 2**31 - 1),
    "uri": uri,
    "url": url,
    "uuid": uuid,
}


def draw(rng: Random, type_: str) -> Any:
    """Return a right value of a primitive type."""
    value = DRAW[type_](rng)
    return max(value, 1) if type_ == "positiveInt" else max(value, 0) if type_ == "unsignedInt" else value
