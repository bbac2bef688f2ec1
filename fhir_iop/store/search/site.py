"""What a deployment says that decides what matches: its time zone, its address, the present time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Site:
    """``clock`` tells the present time, for ``ap``.

    ``time_zone`` is the zone of dates and times that name none, in resources and in searches; ``base_url`` the
    endpoint's own address: a reference to what lies under it is the same as a relative one.
    """

    clock: Callable[[], datetime]
    time_zone: tzinfo = UTC
    base_url: str = ""
