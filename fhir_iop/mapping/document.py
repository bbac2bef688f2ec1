"""Mapping files as text: YAML 1.2, every value with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TAG = "tag:yaml.org,2002:"
_DEPTH_LIMIT = 40
_SIZE_LIMIT = 1_000_000
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file's name, a line and a column (from 1)."""

    file: str
    line: int
    column: int

    def moved(self, columns: int) -> Place:
        """Return the place ``columns`` further right."""
        return Place(self.file, self.line, self.column + columns)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Located:
    """A YAML value and its place: a dict or a list of Located, or a scalar as JSON knows it.

    ``keys`` has the places of a mapping's keys.
    """

    value: Any
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    def get(self, key: str) -> Located | None:
        """Return what a mapping holds under ``key``."""
        found: Located | None = self.value.get(key) if isinstance(self.value, dict) else None
        return found

    def items(self) -> list[Located]:
        """Return a list's values; those of no list are none."""
        return self.value if isinstance(self.value, list) else []

    def at(self, way: Iterable[str | int]) -> Place:
        """Return the place of what ``way`` leads to: of a field its name's; as far as the way goes."""
        found, place = self, self.place
        for step in way:
            if isinstance(found.value, dict) and step in found.value:
                place, found = found.keys[str(step)], found.value[step]
            elif isinstance(found.value, list) and isinstance(step, int) and step < len(found.value):
                found = found.value[step]
                place = found.place
            else:
                break
        return place

    def plain(self) -> Any:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: value.plain() for key, value in self.value.items()}
        if isinstance(self.value, list):
            return [value.plain() for value in self.value]
        return self.value


class Problems:
    """The findings of loading mappings, each with its file, line and column."""

    def __init__(self) -> None:
        self.found: list[Issue] = []

    def add(self, rule: str, place: Place, **facts: Any) -> None:
        """Add the finding that ``rule`` is broken at ``place``."""
        self.found.append(issue(rule, str(place), line=place.line, column=place.column, **facts))


def read(path: Path, problems: Problems) -> Located | None:
    """Read a YAML file; None where it can't be used, with findings about why.

    Aliases and anchors are refused (a page of them unfolds to gigabytes), and so are tags, keys that come twice, more
    than one document, and values that JSON hasn't.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        problems.add("mapping-file", Place(path.name, 1, 1), reason=reason)
        return None
    located, found = _parsed(path.name, text)
    problems.found += found
    return located


@lru_cache(_REMEMBERED)
def _parsed(file: str, text: str) -> tuple[Located | None, tuple[Issue, ...]]:
    """Parse once what is loaded again and again: parsing is most of the time that loading takes."""
    problems = Problems()
    start = Place(file, 1, 1)
    if len(text) > _SIZE_LIMIT:
        problems.add("mapping-file", start, reason=f"it is longer than {_SIZE_LIMIT} characters")
        return None, tuple(problems.found)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else start
        problems.add("mapping-yaml", place, reason=" ".join(str(error.problem or error.context).split()))
        return None, tuple(problems.found)
    except (YAMLError, RecursionError, ValueError):
        problems.add("mapping-yaml", start, reason="it can't be parsed")
        return None, tuple(problems.found)
    if node is None:
        problems.add("mapping-yaml", start, reason="it is empty")
        return None, tuple(problems.found)
    located = _Reader(file, problems).located(node, 0)
    return (None if problems.found else located), tuple(problems.found)


class _Reader:
    def __init__(self, file: str, problems: Problems) -> None:
        self._file = file
        self._problems = problems

    def located(self, node: Node, depth: int) -> Located:
        place = Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
        if depth > _DEPTH_LIMIT:
            self._problems.add("mapping-yaml", place, reason=f"it is nested deeper than {_DEPTH_LIMIT} levels")
            return Located(None, place)
        if node.anchor:
            self._problems.add("mapping-alias", place)
            return Located(None, place)
        if isinstance(node, ScalarNode):
            return Located(self._scalar(node, place), place.moved(1) if node.style in {"'", '"'} else place)
        if isinstance(node, MappingNode):
            return self._mapping(node, place, depth)
        return Located([self.located(item, depth + 1) for item in node.value], place)

    def _mapping(self, node: MappingNode, place: Place, depth: int) -> Located:
        values: dict[str, Located] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            key = self.located(key_node, depth + 1)
            # JSON's keys are strings; `true:` in a table of codes is the word that stands there
            name = str(key_node.value) if isinstance(key_node, ScalarNode) else None
            if name is None:
                self._problems.add("mapping-yaml", key.place, reason="a key must be a word")
            elif name in values:
                self._problems.add("mapping-key-twice", key.place, key=name)
            else:
                values[name], keys[name] = self.located(value_node, depth + 1), key.place
        return Located(values, place, keys)

    def _scalar(self, node: ScalarNode, place: Place) -> Any:
        kind = str(node.tag).removeprefix(_TAG)
        text: str = node.value
        if kind == "str" or node.style:
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int" and text.lstrip("+-").isdecimal():
            return int(text)
        if kind == "float" and text[-1].isdigit() and "_" not in text:
            return Decimal(text)
        if kind == "timestamp":
            return text
        self._problems.add("mapping-yaml", place, reason=f"a value of the kind {kind} has no place here; quote it")
        return None
