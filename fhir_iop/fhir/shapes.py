"""Whether JSON values have the form of named types, told by msgspec in C: properties, arrays, JSON types, what must be.

A shape says yes or no and nothing more; who wants to know what is wrong looks elsewhere.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Describe = Callable[[str], Mapping[str, "Field"] | None]

_LARGEST: Final = 2**31 - 1
_NUMBER: Final = int | float | Decimal

# JSON values by name: `text` isn't empty, `number` has its digits, `object` may hold anything.
_VALUES: Final[dict[str, Any]] = {
    "boolean": bool,
    "integer": Annotated[int, msgspec.Meta(ge=-(2**31), le=_LARGEST)],
    "unsigned": Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)],
    "positive": Annotated[int, msgspec.Meta(ge=1, le=_LARGEST)],
    "number": _NUMBER,
    "text": Annotated[str, msgspec.Meta(min_length=1)],
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
    """Shapes by name, each made from what ``describe`` says of it when it is first asked for.

    ``describe`` returns a shape's properties; None for a name that is no shape. Safe to share between threads.
    """

    def __init__(self, describe: Describe) -> None:
        self._describe = describe
        self._lock = RLock()
        self._made: dict[str, type[msgspec.Struct] | None] = {}
        self._module = ModuleType(f"{__name__}.made_{id(self)}")
        vars(self._module).update({"Annotated": Annotated, "some": _ONE_AT_LEAST, "Unset": msgspec.UnsetType})
        vars(self._module).update(_VALUES)

    def test(self, name: str) -> Callable[[Any], bool] | None:
        """Return the test of whether a value has a shape, properties that aren't the shape's not allowed.

        None where there is no such shape.
        """
        with self._lock:
            made = self._make(name)
        if made is None:
            return None
        convert, refused = msgspec.convert, msgspec.ValidationError

        def has_shape(value: Any) -> bool:
            try:
                convert(value, made, builtin_types=_KEPT_AS_THEY_ARE)
            except (refused, RecursionError):
                return False
            return True

        return has_shape

    def _make(self, name: str) -> type[msgspec.Struct] | None:
        if name in self._made:
            return self._made[name]
        waiting = [name]
        for each in waiting:
            if each not in self._made:
                fields = self._describe(each)
                self._made[each] = None if fields is None else self._struct(each, fields)
                waiting += [field.type for field in (fields or {}).values() if field.type not in _VALUES]
        made = self._made[name]
        if made is not None:
            self._resolve(made)
        return made

    def _struct(self, name: str, fields: Mapping[str, Field]) -> type[msgspec.Struct]:
        told: list[tuple[str, str] | tuple[str, str, Any]] = []
        names = {f"f{index}": json_name for index, json_name in enumerate(fields)}
        for own, field in zip(names, fields.values(), strict=True):
            type_ = field.type if field.type in _VALUES else _python_name(field.type)
            if field.is_list:
                type_ = f"Annotated[list[{type_} | None], some]" if field.nulls else f"Annotated[list[{type_}], some]"
            told.append((own, type_) if field.is_required else (own, f"{type_} | Unset", msgspec.UNSET))
        made = msgspec.defstruct(
            _python_name(name),
            told,
            namespace={"__module__": self._module.__name__},
            rename=names,
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )
        setattr(self._module, _python_name(name), made)
        return made

    def _resolve(self, made: type[msgspec.Struct]) -> None:
        """Let msgspec look the names of types up, which it does once, in the module of that name."""
        sys.modules[self._module.__name__] = self._module
        try:
            msgspec.convert({}, made)
        except msgspec.ValidationError:
            pass  # an empty object fits or doesn't; either way the names are known now
        finally:
            del sys.modules[self._module.__name__]


def _python_name(name: str) -> str:
    return "t_" + "".join(character if character.isalnum() else "_" for character in name)
