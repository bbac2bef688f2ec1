"""The one JSON door: decimals keep their digits, every bad input is one kind of exception, and costs are bounded.

JSON objects, arrays, strings, booleans and integers become their Python kin; a number with a fraction or an exponent
becomes :class:`decimal.Decimal` with the digits as written (https://hl7.org/fhir/R4/json.html#decimal).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    Buffer: TypeAlias = bytes | bytearray | memoryview | msgspec.Raw

_Kind = TypeVar("_Kind")

TYPE_NAMES = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}

# FHIR asks for 18 significant digits; more are kept, but not so many that one number is a denial of service.
_MOST_CHARACTERS = 40
_LARGEST_EXPONENT = 30
DEPTH_LIMIT = 200


def number(text: str) -> Decimal:
    """Return the decimal that ``text`` says, with its digits. Raises ValueError, with the reason, beyond all bounds."""
    if len(text) > _MOST_CHARACTERS:
        raise ValueError(f"it has more than {_MOST_CHARACTERS} characters")
    value = Decimal(text)
    if abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"its exponent is beyond ±{_LARGEST_EXPONENT}")
    return value


_decode = msgspec.json.Decoder(float_hook=number).decode


def decode(raw: bytes | str) -> Any:
    """Parse JSON text (UTF-8 where bytes).

    Raises BadInput for text that isn't JSON, isn't UTF-8, nests too deeply or holds a number out of all bounds. NaN
    and Infinity aren't JSON. Where a name comes twice in one object the last one counts; the validator reports it.
    """
    try:
        return _decode(raw)
    except RecursionError:
        raise BadInput(issue("json-depth", limit=DEPTH_LIMIT)) from None
    except msgspec.ValidationError as error:  # what number() says, and nothing else: no schema is decoded against
        raise BadInput(issue("json-number", reason=str(error).partition(" - at `")[0])) from None
    except msgspec.DecodeError as error:
        raise BadInput(issue("json-malformed", reason=str(error))) from None
    except UnicodeError:
        raise BadInput(issue("json-malformed", reason="it is not UTF-8")) from None


def decode_object(raw: bytes | str) -> dict[str, Any]:
    """Parse JSON text that must be one object. Raises BadInput as :func:`decode` does, and for any other value."""
    value = decode(raw)
    if type(value) is not dict:
        raise BadInput(issue("json-not-object", found=TYPE_NAMES.get(type(value), "a number")))
    return value


def reader(kind: type[_Kind]) -> Callable[[Buffer], _Kind]:
    """Return a function that parses JSON text into ``kind``: a dataclass, a named tuple, or a list or dict of them.

    For what this project wrote itself: text that doesn't fit raises BadInput without saying where.
    """
    decode_kind = msgspec.json.Decoder(kind, float_hook=number).decode

    def read(raw: Buffer) -> _Kind:
        try:
            return decode_kind(raw)
        except msgspec.DecodeError as error:
            raise BadInput(issue("json-malformed", reason=str(error))) from None

    return read


items: Callable[[Buffer], Sequence[Buffer]] = reader(list[msgspec.Raw])
"""Return the text of each item of an array, unread; as :func:`reader` does, for what this project wrote itself."""

encode: Callable[[Any], bytes] = msgspec.json.Encoder(decimal_format="number").encode
"""Write a value as compact UTF-8 JSON; a Decimal as the number it was read from."""


def pretty(value: Any) -> bytes:
    """Write ``value`` as indented UTF-8 JSON with a newline at the end, for files that people read and compare."""
    return msgspec.json.format(encode(value), indent=2) + b"\n"
