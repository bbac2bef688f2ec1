"""Notes: which values a quick look wants looked at closely, and where they stand, told without a Place being made.

Nothing is made on the way down. A function that notes nothing returns None; notes grow their paths on the way back up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fhir_iop.validation.item import Finding

if TYPE_CHECKING:
    from fhir_iop.validation.place import JsonPath


class Misfit(Exception):
    """The form of something is in doubt: the whole resource must be looked at closely."""


class Known(NamedTuple):
    """What a close look has found in an equal value before.

    ``items`` are the paths of the values that it was found at, and ``findings`` what was found, both told from the
    value: an expression begins with a dot, or is empty.
    """

    items: tuple[JsonPath, ...]
    findings: tuple[Finding, ...]


# One value: its path, and the same as FHIRPath, each step with a dot before it; what is known of it, else None.
Note = tuple["JsonPath", str, "Known | None"]
Notes = list[Note]

HERE: Notes = [((), "", None)]


def _more(found: Notes | None, moved: Notes) -> Notes:
    """Return what was found so far with more: the same list, for there may be very many."""
    if found is None:
        return moved
    if found is HERE:
        return found + moved
    found += moved
    return found


def under(found: Notes | None, notes: Notes, key: str, step: str) -> Notes:
    """Return what was found so far, and ``notes`` as they are called from the object that holds them."""
    if len(notes) == 1:
        path, expression, known = notes[0]
        moved: Notes = [((key, *path), f".{step}{expression}", known)]
    else:
        moved = [((key, *path), f".{step}{expression}", known) for path, expression, known in notes]
    return _more(found, moved)


def under_item(found: Notes | None, notes: Notes, key: str, step: str, index: int) -> Notes:
    """Return the same of notes of one item of an array."""
    if len(notes) == 1:
        path, expression, known = notes[0]
        moved: Notes = [((key, index, *path), f".{step}[{index}]{expression}", known)]
    else:
        moved = [((key, index, *path), f".{step}[{index}]{expression}", known) for path, expression, known in notes]
    return _more(found, moved)


def in_order(notes: Notes, order: dict[str, int]) -> Notes:
    """Return notes from an object in the order of its definition, which ``order`` says of its properties."""
    return sorted(notes, key=lambda note: order.get(str(note[0][0]), -1) if note[0] else -1)


def known_findings(notes: Notes, type_: str) -> list[Finding] | None:
    """Return what is wrong where all of it is known, in a resource of ``type``; None where some of it isn't."""
    found: list[Finding] = []
    for path, expression, known in notes:
        if known is None:
            return None
        above = type_ + expression
        found += [Finding(each.issue, path + each.path, each.names, above) for each in known.findings]
    return found


def paths_of(notes: Notes) -> list[JsonPath]:
    """Return the paths of the values to look at closely."""
    return [path + inner for path, _, known in notes for inner in (((),) if known is None else known.items)]
