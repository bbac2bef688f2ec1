"""The compact form of a package: one file, read piece by piece, holding what decides and nothing that explains.

    magic line, length of the index (4 bytes, big-endian), index, blocks

Index and blocks are JSON compressed with zlib. The index says which block holds what; a block holds facts of one kind,
as many as fit into a few kilobytes, so that touching one type reads that type and little else. The bytes follow from
the facts alone: sorted, without times, so that a rebuild on the same Python gives the same file, and the fingerprint
(over the facts before compression) is the same everywhere.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from fhir_iop.definitions.schema import SearchParameter, Structure
from fhir_iop.definitions.vocabulary import CodeSystem, ConceptMap, ValueSet
from fhir_iop.errors import Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

Canonical: TypeAlias = Structure | CodeSystem | ValueSet | ConceptMap

SUFFIX: Final = ".facts"
_MAGIC: Final = b"fhir-iop facts 1\n"
_LENGTH: Final = struct.Struct(">I")
_BLOCK_SIZE: Final = 8192

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
def _reader(kind: str) -> Callable[[bytes], list[Any]]:
    return json.reader(GenericAlias(list, _KINDS[kind]))  # type: ignore[arg-type]  # list[…] made while running


@cache
def _index_reader() -> Callable[[bytes], Index]:
    return json.reader(Index)


class Facts:
    """A facts file, opened. Safe to share between threads: it never changes and keeps nothing it has read."""

    def __init__(self, raw: bytes, source: str) -> None:
        self._raw = memoryview(raw)
        start = len(_MAGIC) + _LENGTH.size
        if raw[: len(_MAGIC)] != _MAGIC or len(raw) < start:
            raise Unusable(issue("facts-unreadable", source))
        (length,) = _LENGTH.unpack(self._raw[len(_MAGIC) : start])
        self._start = start + length
        try:
            self.index = _index_reader()(zlib.decompress(self._raw[start : self._start]))
        except zlib.error:
            raise Unusable(issue("facts-unreadable", source)) from None

    @classmethod
    def open(cls, path: Path) -> Facts:
        """Read the file at ``path``. Raises Unusable where it isn't a facts file."""
        return cls(path.read_bytes(), path.name)

    def block(self, kind: str, number: int) -> list[Any]:
        """Return all facts of a block, which must be of ``kind``."""
        offset, length = self.index.blocks[number]
        begin = self._start + offset
        return _reader(kind)(zlib.decompress(self._raw[begin : begin + length]))

    def at(self, kind: str, place: Place) -> Any:
        """Return the facts of ``kind`` at ``place``."""
        return self.block(kind, place.block)[place.position]


def facts_bytes(
    name: str,
    version: str,
    dependencies: Mapping[str, str],
    canonicals: Mapping[str, Iterable[Canonical]],
    search: Mapping[str, Iterable[SearchParameter]],
) -> bytes:
    """Return the facts file of a package: its structures and vocabulary by kind, its search parameters by type."""
    blocks = _Blocks()
    places: dict[str, dict[str, list[Place]]] = {}
    types: dict[str, TypeEntry] = {}
    for kind, group in sorted(canonicals.items()):
        here = places.setdefault(kind, {})
        for one in sorted(group, key=lambda each: (each.url, each.version)):
            here.setdefault(one.url, []).append(Place(one.version, *blocks.add(kind, one)))
            if isinstance(one, Structure) and one.derivation != "constraint":
                types[one.type] = TypeEntry(one.url, one.kind, one.abstract, one.base)
    by_type: dict[str, int] = {}
    for type_, parameters in sorted(search.items()):
        blocks.close()
        for parameter in sorted(parameters, key=lambda each: (each.code, each.url)):
            by_type[type_], _ = blocks.add("SearchParameter", parameter, whole=True)
    packed = blocks.packed()
    index = Index(name, version, blocks.fingerprint(), dict(dependencies), types, places, by_type, packed.extents)
    head = zlib.compress(json.encode(compacted(index)), 9)
    return b"".join([_MAGIC, _LENGTH.pack(len(head)), head, *packed.compressed])


class _Packed(NamedTuple):
    extents: list[tuple[int, int]]
    compressed: list[bytes]


class _Blocks:
    """Facts gathered into blocks, in the order they come."""

    def __init__(self) -> None:
        self._blocks: list[list[bytes]] = []
        self._kind = ""

    def add(self, kind: str, one: Any, *, whole: bool = False) -> tuple[int, int]:
        """Add ``one`` and return its block and position; ``whole`` keeps to the block until it is closed."""
        raw = json.encode(compacted(one))
        if kind != self._kind or (not whole and sum(map(len, self._blocks[-1])) + len(raw) > _BLOCK_SIZE):
            self._blocks.append([])
            self._kind = kind
        self._blocks[-1].append(raw)
        return len(self._blocks) - 1, len(self._blocks[-1]) - 1

    def close(self) -> None:
        """Let what comes next begin a block."""
        self._kind = ""

    def _texts(self) -> Iterable[bytes]:
        return (b"[" + b",".join(block) + b"]" for block in self._blocks)

    def packed(self) -> _Packed:
        packed = _Packed([], [zlib.compress(text, 9) for text in self._texts()])
        offset = 0
        for block in packed.compressed:
            packed.extents.append((offset, len(block)))
            offset += len(block)
        return packed

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for text in self._texts():
            digest.update(text)
        return digest.hexdigest()


def compacted(value: Any) -> Any:
    """Return ``value`` with dataclasses as dicts that leave out what equals the default."""
    if is_dataclass(value) and not isinstance(value, type):
        items = ((each, getattr(value, each.name)) for each in fields(value))
        return {each.name: compacted(item) for each, item in items if item != each.default}
    if isinstance(value, dict):
        return {key: compacted(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [compacted(item) for item in value]
    return value
