"""Properties that a type doesn't have, and which of its own each probably means."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.validation.expected import Expected

_COMPARED: Final = 100
"""So many of one object are compared: whoever sends more means none of them."""
_LONGEST: Final = 64


def is_known(expected: Expected, key: str) -> bool:
    """Whether an object of which this is expected may have the property ``key``."""
    if key.startswith("_"):
        known = expected.by_json_name.get(key[1:])
        # An xhtml's id is an attribute of the markup, and it has no extensions.
        return known is not None and known[1] != "xhtml" and expected.expectations.is_primitive(known[1])
    return key in expected.by_json_name or (key == "resourceType" and expected.is_resource)


def meant(expected: Expected, content: Mapping[str, Any]) -> dict[str, str]:
    """Return the properties of an object that are unknown, each with the one of a similar name."""
    named = (key for key in content if len(key) <= _LONGEST)
    unknown = islice((key for key in named if not is_known(expected, key)), _COMPARED)
    names: dict[str, str] = {}
    found = {}
    for key in unknown:
        from difflib import get_close_matches  # start-up time is measured

        names = names or {name.lower(): name for name in expected.by_json_name}
        close = get_close_matches(key.lower(), names, n=1, cutoff=0.6)
        if close:
            found[key] = names[close[0]]
    return found
