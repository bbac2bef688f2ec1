"""Which of several things stand in order, when most do."""

from __future__ import annotations

from bisect import bisect_right


def in_order(ranks: list[int]) -> set[int]:
    """Return the indices of a longest run of ``ranks`` (not necessarily neighbours) that never falls.

    All others are the fewest that would have to move.
    """
    tails: list[int] = []  # the least rank that a run of each length can end with
    ends: list[int] = []  # the index of that rank
    before: list[int] = []  # for each index, the one that comes before it in its run
    for index, rank in enumerate(ranks):
        length = bisect_right(tails, rank)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [rank]
        ends[length : length + 1] = [index]
    found: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        found.add(index)
        index = before[index]
    return found
