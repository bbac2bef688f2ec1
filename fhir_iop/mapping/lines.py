"""One rule on one line: `field <-> path | function`, `path = constant`, `field <- (FHIRPath)`, and words of `when`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fhir_iop.mapping.document import Place

Arrow = Literal["<->", "->", "<-", "="]

_RULE = re.compile(
    r"(?P<field>\S+)(?P<a>\s+)(?P<arrow><->|->|<-)(?P<b>\s+)(?P<path>\S+)(?:(?P<c>\s+\|\s+)(?P<call>\S.*))?"
)
_READ = re.compile(r"(?P<field>\S+)\s+<-\s+\((?P<expression>.*)\)", re.DOTALL)
_CONSTANT = re.compile(r"(?P<path>\S+)(?P<a>\s+)=(?P<b>\s+)(?P<value>\S.*)")
_FIELD = re.compile(r"/?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\[\])?|\.", re.ASCII)
_SEGMENT = re.compile(
    r"(?P<name>[A-Za-z]\w*)(?:\((?P<extension>[\w.-]+)\))?(?::(?P<slice>[\w-]+))?(?P<many>\[\])?", re.ASCII
)
_CALL = re.compile(r"(?P<name>[a-z][\w-]*)(?:\((?P<arguments>[^()]*)\))?", re.ASCII)
_CONDITION = re.compile(
    r"(?P<negated>not\s+)?(?P<field>/?[A-Za-z_][\w.]*)(?:\s+==\s+(?P<equals>\S+)|\s+in\s+\[(?P<among>[^\]]+)\])?",
    re.ASCII,
)


class LineError(ValueError):
    """A line that can't be read: what is wrong, and where."""

    def __init__(self, reason: str, place: Place) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record: ``steps`` of names, counted from the record itself where ``absolute``.

    ``many`` says that each item of the list is meant (``notes[]``). No steps (``.``) is the item itself.
    """

    steps: tuple[str, ...]
    absolute: bool
    many: bool
    place: Place

    def __str__(self) -> str:
        return ("/" if self.absolute else "") + (".".join(self.steps) or ".") + ("[]" if self.many else "")


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a path in a resource: an element, an extension by name, a slice of either, each item of a list."""

    name: str
    slice: str | None
    extension: str | None
    many: bool
    place: Place

    def __str__(self) -> str:
        called = f"({self.extension})" if self.extension else ""
        return self.name + called + (f":{self.slice}" if self.slice else "") + ("[]" if self.many else "")


@dataclass(frozen=True, slots=True)
class Call:
    """A named function and its arguments, as written."""

    name: str
    arguments: tuple[str, ...]
    place: Place

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as written. A constant (``=``) has ``constant`` or, computed, ``call`` and no ``field``.

    ``expression`` is FHIRPath, where that stands in parentheses behind ``<-`` (there is no ``path`` then) or ``=``.
    """

    arrow: Arrow
    field: Field | None
    path: tuple[Segment, ...]
    call: Call | None
    constant: str | None
    place: Place
    constant_place: Place
    text: str
    expression: str | None = None

    @property
    def path_text(self) -> str:
        """The path as written."""
        return ".".join(map(str, self.path))


@dataclass(frozen=True, slots=True)
class Condition:
    """When a one-way rule holds: the field is there (or isn't), or has one of ``values``."""

    field: Field
    negated: bool
    values: tuple[str, ...]


def parse_line(text: str, place: Place) -> Line:
    """Read a rule. Raises LineError."""
    if found := _READ.fullmatch(text.rstrip()):
        field, at = parse_field(found["field"], place), place.moved(found.start("expression"))
        return Line("<-", field, (), None, None, place, at, text, found["expression"])
    if found := _RULE.fullmatch(text.rstrip()):
        path = _path(found["path"], place.moved(found.start("path")))
        field = parse_field(found["field"], place)
        call = _call(found["call"], place.moved(found.start("call"))) if found["call"] else None
        arrow: Arrow = found["arrow"]  # type: ignore[assignment]  # the pattern admits these three only
        return Line(arrow, field, path, call, None, place, place, text)
    if found := _CONSTANT.fullmatch(text.rstrip()):
        path = _path(found["path"], place)
        value, at = found["value"], place.moved(found.start("value"))
        if value.startswith("(") and value.endswith(")"):
            return Line("=", None, path, None, None, place, at.moved(1), text, value[1:-1])
        is_call = _CALL.fullmatch(value) and value.endswith(")")
        call = _call(value, at) if is_call else None
        return Line("=", None, path, call, None if is_call else value, place, at, text)
    raise LineError("a rule is `field <-> path`, `field -> path`, `field <- path` or `path = constant`", place)


def parse_pair(text: str, place: Place) -> tuple[Field, tuple[Segment, ...]]:
    """Read the `field <-> path` of an `each:` or `with:`. Raises LineError."""
    line = parse_line(text, place)
    if line.arrow != "<->" or line.call or line.field is None:
        raise LineError("here stands `field <-> path` and nothing more", place)
    return line.field, line.path


def parse_path(text: str, place: Place) -> tuple[Segment, ...]:
    """Read a path in a resource. Raises LineError."""
    return _path(text, place)


def parse_field(text: str, place: Place) -> Field:
    """Read a field of the record. Raises LineError."""
    if not _FIELD.fullmatch(text):
        raise LineError(
            "a field is names with dots, such as `medicine.name`, from the record with a leading `/`", place
        )
    names = text.lstrip("/").removesuffix("[]")
    return Field(tuple(names.split(".")) if names != "." else (), text.startswith("/"), text.endswith("[]"), place)


def parse_condition(text: str, place: Place) -> Condition:
    """Read what stands after `when:`. Raises LineError."""
    found = _CONDITION.fullmatch(text.strip())
    if not found:
        raise LineError("a condition is `field`, `not field`, `field == value` or `field in [value, value]`", place)
    values = (found["equals"],) if found["equals"] else tuple(v.strip() for v in (found["among"] or "").split(",") if v)
    field = parse_field(found["field"], place.moved(found.start("field")))
    return Condition(field, bool(found["negated"]), values)


def _path(text: str, place: Place) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    position = 0
    while True:
        found = _SEGMENT.match(text, position)
        if not found:
            raise LineError("a path is elements with dots, such as `dispenseRequest.quantity`", place.moved(position))
        at = place.moved(found.start())
        segments.append(Segment(found["name"], found["slice"], found["extension"], bool(found["many"]), at))
        position = found.end()
        if position == len(text):
            return tuple(segments)
        if text[position] != ".":
            raise LineError(f"`{text[position]}` can't stand in a path", place.moved(position))
        position += 1


def _call(text: str, place: Place) -> Call:
    found = _CALL.fullmatch(text.strip())
    if not found:
        raise LineError("after `|` stands a function, such as `time` or `codes(status)`", place)
    arguments = tuple(a.strip() for a in (found["arguments"] or "").split(",") if a.strip())
    return Call(found["name"], arguments, place)
