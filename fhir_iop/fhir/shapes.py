"""Whether JSON values have the form of named types, told by msgspec in C: properties, arrays, JSON types, what must be.

A shape says yes or no and nothing more; who wants to know what is wrong looks elsewhere.
"""

from __future__ import annotations

from decimal import Decimal
from threading import RLock
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Describe = Callable[[str], Mapping[str, "Field"] | None]

_LARGEST: Final = 2**31 - 1
_NUMBER: Final = int | float | Decimal

LONGEST_STRING: Final = 1024 * 1024
"""https://hl7.org/fhir/R4/datatypes.html#string; what holds more is of other types."""

# JSON values by name: `text` and `string` aren't empty, `number` has its digits, `object` may hold anything.
_VALUES: Final[dict[str, Any]] = {
    "boolean": bool,
    "integer": Annotated[int, msgspec.Meta(ge=-(2**31), le=_LARGEST)],
    "unsigned": Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)],
    "positive": Annotated[int, msgspec.Meta(ge=1, le=_LARGEST)],
    "number": _NUMBER,
    "text": Annotated[str, msgspec.Meta(min_length=1)],
    "string": Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_STRING)],
    "object": dict,
}
_ONE_AT_LEAST: Final = msgspec.Meta(min_length=1)
_KEPT_AS_THEY_ARE: Final = (Decimal,)  # otherwise text that looks like a number would pass for one


class Field(NamedTuple):
    """One property: the name of its JSON value or of another shape, whether it is an array, whether it must be there.

    ``nulls``: null may stand in the array, as where a primitive's array has a `_` array beside it.
    """

    type: str
    is_list: bool = False
    is_required: bool = False
    nulls: bool = False


class Shapes:
    """Shapes by name, each made from what ``describe`` says of it when it is first used.

    ``describe`` returns a shape's properties; None for a name that is no shape. Safe to share between threads.
    """

    def __init__(self, describe: Describe) -> None:
        self._describe = describe
        self._lock = RLock()
        self._described: dict[str, Mapping[str, Field] | None] = {}
        self._made: dict[str, type[msgspec.Struct] | None] = {}
        self._types: dict[Field, Any] = {}

    def test(self, name: str) -> Callable[[Any], bool] | None:
        """Return the test of whether a value has a shape, properties that aren't the shape's not allowed.

        None where there is no such shape.
        """
        if self._fields(name) is None:
            return None
        convert, refused = msgspec.convert, msgspec.ValidationError
        shape: Any = None

        def has_shape(value: Any) -> bool:
            nonlocal shape
            if shape is None:
                with self._lock:
                    shape = self._shape(name)
            try:
                convert(value, shape, builtin_types=_KEPT_AS_THEY_ARE)
            except (refused, RecursionError):
                return False
            return True

        return has_shape

    def _fields(self, name: str) -> Mapping[str, Field] | None:
        if name not in self._described:
            self._described[name] = self._describe(name)
        return self._described[name]

    def _shape(self, name: str) -> type[msgspec.Struct] | None:
        if name in self._made:
            return self._made[name]
        new: list[tuple[type[msgspec.Struct], Mapping[str, Field]]] = []
        waiting = [name]
        for each in waiting:
            if each not in self._made:
                fields = self._fields(each)
                made = self._made[each] = None if fields is None else _struct(each, fields)
                if made is not None and fields is not None:
                    new.append((made, fields))
                    waiting += [field.type for field in fields.values() if field.type not in _VALUES]
        # msgspec asks for the types when a shape is first used: until then all shapes that they name can be made.
        for made, fields in new:
            types = map(self._type, fields.values())
            made.__annotations__ = dict(zip(made.__struct_fields__, types, strict=True))
        return self._made[name]

    def _type(self, field: Field) -> Any:
        """Return the Python type of a property; one of a shape that isn't at hand fits no value."""
        found = self._types.get(field)
        if found is None:
            of_one: Any = _VALUES[field.type] if field.type in _VALUES else self._made[field.type]
            found = of_one
            if field.is_list:
                found = Annotated[list[of_one | None if field.nulls else of_one], _ONE_AT_LEAST]  # type: ignore[misc]  # made while running
            if not field.is_required:
                found = found | msgspec.UnsetType
            self._types[field] = found
        return found


def _struct(name: str, fields: Mapping[str, Field]) -> type[msgspec.Struct]:
    names = {f"f{index}": json_name for index, json_name in enumerate(fields)}
    told = [
        (own, Any) if field.is_required else (own, Any, msgspec.UNSET)
        for own, field in zip(names, fields.values(), strict=True)
    ]
    return msgspec.defstruct(_python_name(name), told, rename=names, forbid_unknown_fields=True, kw_only=True, gc=False)


def _python_name(name: str) -> str:
    return "t_" + "".join(character if character.isalnum() else "_" for character in name)
