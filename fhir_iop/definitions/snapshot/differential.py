"""A differential's elements, each with its place told in full (https://hl7.org/fhir/R4/elementdefinition.html#id)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Step: TypeAlias = tuple[str, str | None]

_DEEPEST: Final = 64  # parts of a path; content references let one be as long as somebody likes


class Change(NamedTuple):
    """What one element of a differential says: its number, its steps from the root (name, slice), its JSON."""

    number: int
    steps: tuple[Step, ...]
    says: dict[str, Any]

    @property
    def id(self) -> str:
        """The element's id, as it should be."""
        return ".".join(name if slice_ is None else f"{name}:{slice_}" for name, slice_ in self.steps)


def changes(elements: Sequence[dict[str, Any]]) -> Iterator[Change]:
    """Go through a differential, in order.

    Which slices an element is inside of is told by its id; where that doesn't name one, it is the slice that was opened
    last on the same path, which is what the order of a differential means. An id that contradicts the path is no help.
    Raises ValueError for a path that is longer than any profile's.
    """
    opened: dict[str, str] = {}
    for number, says in enumerate(elements):
        path: str = says["path"]
        if path.count(".") > _DEEPEST:
            raise ValueError(f"a path of {path.count('.')} parts")
        for below in [each for each in opened if each == path or each.startswith(path + ".")]:
            del opened[below]
        steps = _steps(path, says.get("sliceName"), _told(says.get("id"), path), opened)
        at = ""
        for name, slice_ in steps:
            at = f"{at}.{name}" if at else name
            if slice_ is not None:
                opened[at] = slice_
        yield Change(number, steps, says)


def _told(id_: Any, path: str) -> list[str | None]:
    """Return the slice that each part of an id names; nothing where the id isn't that of ``path``."""
    parts = [part.partition(":") for part in id_.split(".")] if isinstance(id_, str) else []
    agrees = ".".join(name for name, _, _ in parts) == path
    return [slice_ or None for _, _, slice_ in parts] if agrees else []


def _steps(path: str, slice_name: str | None, told: list[str | None], opened: dict[str, str]) -> tuple[Step, ...]:
    names = path.split(".")
    steps: list[Step] = []
    at = ""
    for name, slice_ in zip(names, told or [None] * len(names), strict=True):
        at = f"{at}.{name}" if at else name
        steps.append((name, slice_ or opened.get(at)))
    steps[-1] = (names[-1], slice_name or (told[-1] if told else None))
    return tuple(steps)
