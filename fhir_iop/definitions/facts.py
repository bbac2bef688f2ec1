"""The compact form of a package: one file, read piece by piece, holding what decides and nothing that explains.

    magic line, length of the index (4 bytes, big-endian), index, blocks

Index and blocks are JSON compressed with zlib. The index says which block holds what; a block holds facts of one kind,
as many as fit into a few kilobytes, so that touching one type reads that type and little else. The bytes follow from
the facts alone: sorted, without times, so that a rebuild on the same Python gives the same file, and the fingerprint
(over the facts before compression) is the same everywhere.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from fhir_iop.definitions.schema import SearchParameter, Structure
from fhir_iop.definitions.vocabulary import CodeSystem, ConceptMap, ValueSet
from fhir_iop.errors import BadInput, Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fhir_iop.fhir.json import Buffer

Canonical: TypeAlias = Structure | CodeSystem | ValueSet | ConceptMap

SUFFIX: Final = ".facts"
MAGIC: Final = b"fhir-iop facts 1\n"
LENGTH: Final = struct.Struct(">I")

_KINDS: Final[dict[str, type]] = {
    "StructureDefinition": Structure,
    "CodeSystem": CodeSystem,
    "ValueSet": ValueSet,
    "ConceptMap": ConceptMap,
    "SearchParameter": SearchParameter,
}


class Place(NamedTuple):
    """Where a canonical's facts lie: its version, the block, the position in the block."""

    version: str
    block: int
    position: int


class TypeEntry(NamedTuple):
    """A type that a package defines: its canonical, its kind, whether it is abstract, its parent's canonical."""

    url: str
    kind: str
    abstract: bool
    base: str | None


@dataclass(frozen=True, slots=True)
class Index:
    """What a facts file holds, by canonical (several versions of one are rare but allowed) and by type."""

    name: str
    version: str
    fingerprint: str
    dependencies: dict[str, str] = field(default_factory=dict)
    types: dict[str, TypeEntry] = field(default_factory=dict)
    places: dict[str, dict[str, list[Place]]] = field(default_factory=dict)
    search: dict[str, int] = field(default_factory=dict)
    blocks: list[tuple[int, int]] = field(default_factory=list)


@cache
def _reader(kind: str) -> Callable[[Buffer], list[Any]]:
    return json.reader(GenericAlias(list, _KINDS[kind]))  # type: ignore[arg-type]  # list[…] made while running


@cache
def _reader_of_one(kind: str) -> Callable[[Buffer], Any]:
    return json.reader(_KINDS[kind])


@cache
def _index_reader() -> Callable[[Buffer], Index]:
    return json.reader(Index)


class Facts:
    """A facts file, opened. Safe to share between threads: it never changes and keeps nothing it has read."""

    def __init__(self, raw: bytes, source: str) -> None:
        self._raw = memoryview(raw)
        self._source = source
        start = len(MAGIC) + LENGTH.size
        if raw[: len(MAGIC)] != MAGIC or len(raw) < start:
            raise Unusable(issue("facts-unreadable", source))
        (length,) = LENGTH.unpack(self._raw[len(MAGIC) : start])
        self._start = start + length
        try:
            self.index = _index_reader()(zlib.decompress(self._raw[start : self._start]))
        except (zlib.error, BadInput):
            raise Unusable(issue("facts-unreadable", source)) from None

    @classmethod
    def open(cls, path: Path) -> Facts:
        """Read the file at ``path``. Raises Unusable where it isn't a facts file."""
        return cls(path.read_bytes(), path.name)

    def block(self, kind: str, number: int) -> list[Any]:
        """Return all facts of a block, which must be of ``kind``. Raises Unusable where the file is damaged."""
        try:
            return _reader(kind)(zlib.decompress(self.raw_block(number)))
        except (zlib.error, BadInput):
            raise Unusable(issue("facts-unreadable", self._source)) from None

    def raw_block(self, number: int) -> memoryview:
        """Return a block as it lies in the file."""
        offset, length = self.index.blocks[number]
        begin = self._start + offset
        return self._raw[begin : begin + length]

    def at(self, kind: str, place: Place) -> Any:
        """Return the facts of ``kind`` at ``place``, for which its neighbours in the block aren't made.

        Raises Unusable where the file is damaged.
        """
        try:
            return _reader_of_one(kind)(json.items(zlib.decompress(self.raw_block(place.block)))[place.position])
        except (zlib.error, BadInput, IndexError):
            raise Unusable(issue("facts-unreadable", self._source)) from None
