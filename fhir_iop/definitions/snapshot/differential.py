"""A differential's elements, each with its place told in full (https://hl7.org/fhir/R4/elementdefinition.html#id)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Step: TypeAlias = tuple[str, str | None]


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

    An id that agrees with path and slice name is believed. Without one the slices on the way are those that were
    opened last on the same path, which is what the order of a differential means.
    """
    opened: dict[str, str] = {}
    for number, says in enumerate(elements):
        path: str = says["path"]
        for below in [each for each in opened if each == path or each.startswith(path + ".")]:
            del opened[below]
        told = _told(says)
        steps = told or _from_order(path, says.get("sliceName"), opened)
        at = ""
        for name, slice_ in steps:
            at = f"{at}.{name}" if at else name
            if slice_ is not None:
                opened[at] = slice_
        yield Change(number, steps, says)


def _told(says: dict[str, Any]) -> tuple[Step, ...] | None:
    """Return the steps of the element's id; None where it has none, or one that contradicts its path or slice name."""
    id_ = says.get("id")
    if not isinstance(id_, str) or not id_:
        return None
    parts = [part.partition(":") for part in id_.split(".")]
    steps = tuple((name, slice_ if colon else None) for name, colon, slice_ in parts)
    agrees = ".".join(name for name, _ in steps) == says["path"] and steps[-1][1] == says.get("sliceName")
    return steps if agrees else None


def _from_order(path: str, slice_name: str | None, opened: dict[str, str]) -> tuple[Step, ...]:
    steps: list[Step] = []
    at = ""
    for name in path.split("."):
        at = f"{at}.{name}" if at else name
        steps.append((name, opened.get(at)))
    steps[-1] = (steps[-1][0], slice_name)
    return tuple(steps)
