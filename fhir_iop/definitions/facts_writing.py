"""Facts → the bytes of a facts file; the same facts give the same bytes."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fhir_iop.definitions.facts import LENGTH, MAGIC, Canonical, Index, Place, TypeEntry
from fhir_iop.definitions.schema import SearchParameter, Structure
from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BLOCK_SIZE: Final = 8192


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
    return b"".join([MAGIC, LENGTH.pack(len(head)), head, *packed.compressed])


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
