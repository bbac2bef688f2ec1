"""What an evaluation knows beside its input: the resource around it, the present moment, variables, and who to ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Context:
    """The environment of one evaluation, or of several that are to see the same moment.

    ``now`` is what ``now()`` and ``today()`` say; None reads the machine's clock once, when it is first asked for: give
    it wherever a result must be repeatable. ``resource`` is ``%resource``, the resource that holds the input, and
    ``root`` is ``%rootResource``, the one that holds that if it is contained; both are the input itself where they
    aren't given. ``variables`` are the caller's ``%name``: JSON-like values, :class:`TypedValue` or lists of either.

    ``resolve`` takes a reference's text and gives the resource or None; contained resources are found without it.
    ``conforms`` takes an item, its type and a profile's canonical and says whether it conforms, None for an unknown
    profile. ``trace`` hears what ``trace()`` tells: a label and the items. ``weigh`` says what a Coding that doesn't
    say so itself counts, None where nobody knows.
    """

    now: datetime | None = None
    resource: dict[str, Any] | None = None
    root: dict[str, Any] | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    resolve: Callable[[str], dict[str, Any] | None] | None = None
    conforms: Callable[[Any, str, str], bool | None] | None = None
    trace: Callable[[str, Any], None] | None = None
    weigh: Callable[[dict[str, Any]], Any] | None = None

    @cached_property
    def moment(self) -> datetime:
        """The present moment of this context, with its zone."""
        return self.now if self.now is not None else datetime.now(UTC)

    @cached_property
    def now_text(self) -> str:
        """``now()``: to the millisecond."""
        return self.moment.isoformat(timespec="milliseconds")

    @cached_property
    def today_text(self) -> str:
        """``today()``."""
        return self.moment.date().isoformat()

    @cached_property
    def time_text(self) -> str:
        """``timeOfDay()``."""
        return self.moment.time().isoformat(timespec="milliseconds")
