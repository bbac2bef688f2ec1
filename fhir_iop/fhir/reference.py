"""References: the forms of ``Reference.reference`` (https://hl7.org/fhir/R4/references.html)."""

from __future__ import annotations

import re
from typing import NamedTuple

_LITERAL = re.compile(
    r"(?:(?P<base>https?://[^\s?#]+?)/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})"
    r"(?:/_history/(?P<version>[A-Za-z0-9\-.]{1,64}))?"
)


class LiteralReference(NamedTuple):
    """``[base/]type/id[/_history/version]`` taken apart; ``base`` is None for a relative reference."""

    base: str | None
    type: str
    id: str
    version: str | None

    @property
    def local(self) -> str:
        """The relative reference ``type/id``, without base and version."""
        return f"{self.type}/{self.id}"


def has_form(reference: str) -> bool:
    """Whether text can be a reference at all."""
    return len(reference.split()) == 1 and not reference[0].isspace() and not reference[-1].isspace()


def parse(reference: str) -> LiteralReference | None:
    """Take a RESTful reference apart; None for a fragment (``#x``), a URN, or any other URL."""
    found = _LITERAL.fullmatch(reference)
    return LiteralReference(**found.groupdict()) if found else None


def canonical(text: str) -> tuple[str, str | None]:
    """Split a canonical ``url|version#fragment`` into its url and its version (None where there is none)."""
    url, _, version = text.partition("#")[0].partition("|")
    return url, version or None
