"""What a rule is: a module of ``rules/`` with these functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item

Test = Callable[[Any], bool]


class Rule(Protocol):
    """Something that may be wrong with one value (and what is directly inside it, where that is its subject)."""

    def applies(self, expected: Expected) -> bool:
        """Whether it can find anything in values of which this is expected; the others are never shown to it."""

    def find(self, item: Item) -> Iterator[Finding]:
        """Yield what is wrong with one value, and not with those inside it."""


class QuickRule(Rule, Protocol):
    """A rule that a compiled test can ask."""

    def quick(self, expected: Expected) -> Test:
        """Return a test that is true only of a JSON value in which ``find`` would find nothing.

        It may be false, or raise, for a value that is right: that is then looked at closely. The value has the JSON
        form of its type.
        """
