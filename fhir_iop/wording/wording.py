"""How one rule is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.issue import Severity


class Wording(NamedTuple):
    """How one rule is told: FHIR severity, FHIR issue type, and a sentence with ``{facts}`` to fill in.

    ``page`` is where the standard says so, for what no definition that the sentence names says.
    """

    severity: Severity
    code: str
    words: str
    page: str = ""

    def told(self, facts: Mapping[str, Any]) -> str:
        """Return the sentence about ``facts``, with the page. Raises KeyError where one is missing."""
        words = self.words.format_map(facts)
        if not self.page:
            return words
        page = self.page.format_map(facts)
        return f"{words[:-1]} ({page})." if words.endswith(".") else f"{words} ({page})"
