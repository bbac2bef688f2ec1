"""Where in an XML document its elements stand. The document is scanned for it only when there is something to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.xml.scanning import parser, scan
from fhir_iop.fhir.xml.shape import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

JsonPath = tuple[str | int, ...]


def positions(raw: bytes, paths: Iterable[JsonPath]) -> dict[JsonPath, tuple[int, int]]:
    """Return line and column (from 1, in characters) of the element that each JSON path leads to.

    ``raw`` is a well-formed document in UTF-8. A property that is an attribute in XML stands where its element does,
    and so does what isn't there at all.
    """
    wanted = _Wanted()
    for path in paths:
        step = wanted
        for part in path:
            name = part.removeprefix("_") if isinstance(part, str) else part
            step = step.inner.setdefault(name, _Wanted())
        step.paths.append(path)
    _scan(raw, wanted)
    found: dict[JsonPath, tuple[int, int]] = {}
    wanted.tell((1, 1), found)
    return found


class _Wanted:
    """One step of the paths that are asked for: the steps that go on from it, and the paths that end here."""

    __slots__ = ("inner", "paths", "position")

    def __init__(self) -> None:
        self.inner: dict[str | int, _Wanted] = {}
        self.paths: list[JsonPath] = []
        self.position: tuple[int, int] | None = None

    def tell(self, around: tuple[int, int], found: dict[JsonPath, tuple[int, int]]) -> None:
        here = self.position or around
        for path in self.paths:
            found[path] = here
        for inner in self.inner.values():
            inner.tell(here, found)


def _scan(raw: bytes, root: _Wanted) -> None:
    made = parser(raw)
    # For each open element: what is wanted inside of it, and how many of each name came. None: nothing is.
    open_elements: list[tuple[list[_Wanted], dict[str, int]] | None] = []

    def start(name: str, _attributes: Any) -> None:
        if not open_elements:
            here = [root]
        else:
            outer = open_elements[-1]
            if outer is None:
                open_elements.append(None)
                return
            key = key_of(name)
            if key[0].isupper():  # a resource inside an element is what the element's path leads to
                open_elements.append(outer)
                return
            at = outer[1][key] = outer[1].get(key, -1) + 1
            here = _inside(outer[0], key, at)
        for step in here:
            if step.position is None:
                step.position = (made.CurrentLineNumber, made.CurrentColumnNumber + 1)
        open_elements.append((here, {}) if here else None)

    def end(_name: str) -> None:
        open_elements.pop()

    made.StartElementHandler = start
    made.EndElementHandler = end
    scan(made, raw)


def _inside(outer: list[_Wanted], key: str, at: int) -> list[_Wanted]:
    """Return what is wanted of the element ``key`` that comes as number ``at``: itself, and all that have its name."""
    found: list[_Wanted] = []
    for step in outer:
        named = step.inner.get(key)
        if named is None:
            continue
        if at == 0:
            found.append(named)
        numbered = named.inner.get(at)
        if numbered is not None:
            found.append(numbered)
    return found
