"""Names that came with data, as they may be shown."""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_NAME = 64


def told(name: str) -> str:
    """Return a property's or element's name as it may be shown: what is no identifier could be anybody's data."""
    if len(name) <= _LONGEST_NAME and _IDENTIFIER.fullmatch(name):
        return name
    return "(not a name)"
