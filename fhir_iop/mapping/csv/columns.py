"""The file that names a CSV file's columns: read, and checked against the record's schema before a row is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fhir_iop.errors import Unusable
from fhir_iop.mapping.document import Problems, read
from fhir_iop.mapping.grammar import COLUMNS, fits
from fhir_iop.mapping.refusal import hint

if TYPE_CHECKING:
    from pathlib import Path

    from fhir_iop.mapping import Mappings
    from fhir_iop.mapping.document import Located, Place
    from fhir_iop.mapping.shapes import Shape

Step = str | int

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_STEP = re.compile(r"([A-Za-z_]\w*)(?:\[([1-9][0-9]{0,2})\])?", re.ASCII)


@dataclass(frozen=True)
class Column:
    """One column: its header, the way of its field in the record (positions from 0), and the field's shape.

    ``words`` translates what cells say; ``many`` says that a cell holds the values of a list.
    """

    header: str
    way: tuple[Step, ...]
    shape: Shape
    words: dict[str, Any]
    many: bool = False


@dataclass(frozen=True)
class Columns:
    """A layout of CSV: which columns there are, and how their cells are written."""

    kind: str
    columns: dict[str, Column]
    constants: list[tuple[tuple[Step, ...], Any]] = field(default_factory=list)
    ignored: frozenset[str] = frozenset()
    encoding: str = "utf-8"
    delimiter: str = ","
    dates: str = "iso"
    decimal: str = "."
    empty: frozenset[str] = frozenset({""})
    between: str = ""


def read_columns(path: Path, mappings: Mappings) -> Columns:
    """Read the columns of ``path``. Raises Unusable with one Issue a fault: its expression is ``file:line:column``."""
    problems = Problems()
    document = read(path, problems)
    found = (
        _columns(document, mappings, problems) if document is not None and fits(document, problems, COLUMNS) else None
    )
    if problems.found or found is None:
        raise Unusable(*problems.found)
    return found


def _columns(document: Located, mappings: Mappings, problems: Problems) -> Columns | None:
    kind, place = str(document.value["record"].value), document.value["record"].place
    if kind not in mappings.kinds:
        problems.add("mapping-name", place, what="kind of record", name=kind, hint=hint(kind, mappings.kinds))
        return None
    root = mappings.compiled(kind).plan.context.root.shape
    between = _word(document, "list", "")
    columns: dict[str, Column] = {}
    taken: dict[tuple[Step, ...], str] = {}
    for header, given in document.value["columns"].value.items():
        named = given.get("field") or given
        words = given.get("words")
        column = _column(header, named, words, root, problems)
        if column is None:
            continue
        if column.many and not between:
            problems.add("csv-list", named.place, field=named.value)
        if column.way in taken:
            problems.add("csv-twice", named.place, field=named.value, other=taken[column.way])
        taken[column.way] = header
        columns[header] = column
    constants = _constants(document, root, problems)
    _required(root, [*(column.way for column in columns.values()), *(way for way, _ in constants)], place, problems)
    ignore, empty = document.get("ignore"), document.get("empty")
    return Columns(
        kind,
        columns,
        constants,
        frozenset(ignore.value if ignore else ()),
        _word(document, "encoding", "utf-8"),
        _DELIMITERS[_word(document, "delimiter", "comma")],
        _word(document, "dates", "iso"),
        "," if _word(document, "decimal", "point") == "comma" else ".",
        frozenset({"", *(str(one.value) for one in (empty.items() if empty else ()))}),
        between,
    )


def _word(document: Located, name: str, default: str) -> str:
    found = document.get(name)
    return default if found is None else str(found.value)


def _column(header: str, named: Located, words: Located | None, root: Shape, problems: Problems) -> Column | None:
    found = _field(str(named.value), named.place, root, problems)
    if found is None:
        return None
    way, shape = found
    many = shape.kind == "array"
    cell = shape.item if many else shape
    if cell is None or cell.kind in {"object", "array"}:
        problems.add("csv-object", named.place, field=named.value, kind=shape.kind)
        return None
    translated = {word: one.value for word, one in words.value.items()} if words is not None else {}
    for word, value in translated.items():
        if cell.enum is not None and value not in cell.enum and words is not None:
            place = words.value[word].place
            known = hint(str(value), map(str, cell.enum))
            problems.add("mapping-when", place, field=named.value, value=value, hint=known)
    return Column(header, way, cell, translated, many)


def _field(text: str, place: Place, root: Shape, problems: Problems) -> tuple[tuple[Step, ...], Shape] | None:
    """Find a field; None, with a finding at the step that there isn't, where there is none."""
    way: list[Step] = []
    shape, at = root, place
    for step in text.split("."):
        named = _STEP.fullmatch(step)
        inner = shape.field(named[1]) if named else None
        if named is None or inner is None:
            name = named[1] if named else step
            problems.add("mapping-field", at, field=text, hint=hint(name, shape.properties))
            return None
        way.append(named[1])
        if named[2]:
            if inner.item is None:
                problems.add("mapping-list-field", at, field=step, kind=inner.kind)
                return None
            way.append(int(named[2]) - 1)
            inner = inner.item
        shape, at = inner, at.moved(len(step) + 1)
    return tuple(way), shape


def _constants(document: Located, root: Shape, problems: Problems) -> list[tuple[tuple[Step, ...], Any]]:
    section = document.get("constants")
    found = []
    for name, given in (section.value if section is not None else {}).items():
        resolved = _field(name, section.keys[name], root, problems) if section is not None else None
        if resolved is not None:
            way, shape = resolved
            if shape.enum is not None and given.value not in shape.enum:
                hinted = hint(str(given.value), map(str, shape.enum))
                problems.add("mapping-when", given.place, field=name, value=given.value, hint=hinted)
            found.append((way, given.value))
    return found


def _required(root: Shape, ways: list[tuple[Step, ...]], place: Place, problems: Problems) -> None:
    """Report required fields of the record that no column gives."""
    given = {way[0] for way in ways}
    for name in root.properties:
        if root.requires(name) and name not in given and name != "record":
            problems.add("csv-required", place, field=name)
