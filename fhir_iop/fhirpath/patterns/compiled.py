"""Patterns ready to match, each with a bound of what that costs."""

from __future__ import annotations

import re
from functools import lru_cache

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.patterns.nodes import Explosive, Part
from fhir_iop.fhirpath.patterns.parser import Unreadable, parse
from fhir_iop.fhirpath.patterns.somewhere import somewhere
from fhir_iop.fhirpath.runtime.strings import LONGEST, joined

# Steps of Python's engine that one match may take: about two seconds.
_MOST_STEPS = 10**8


class Pattern:
    """A compiled pattern, ``said`` in an expression.

    ``searched`` finds whether a text has it somewhere, not what of the text. ``longest_searched``, ``longest_matched``
    and ``longest_replaced`` are the lengths of text up to which that, matching all of it and replacing are affordable.
    """

    def __init__(self, said: str, part: Part) -> None:
        self.said = said
        # `.` matches a line's end too (https://hl7.org/fhirpath/N1/#matchesregex--string--boolean).
        self.regex = re.compile(part.text, re.DOTALL | re.ASCII)
        decisive = somewhere(part)
        self.searched = re.compile(decisive.text, re.DOTALL | re.ASCII)
        self.longest_searched = _longest(_search_degree(decisive))
        self.longest_matched = _longest(max(part.degree, 1))
        self.longest_replaced = _longest(_search_degree(part))

    def matches(self, text: str) -> bool:
        """Whether some part of the text matches. Raises FhirPathError where finding out would take too long."""
        _afford(text, self.longest_searched)
        return self.searched.search(text) is not None

    def matches_full(self, text: str) -> bool:
        """Whether the whole text matches."""
        _afford(text, self.longest_matched)
        return self.regex.fullmatch(text) is not None

    def replaced(self, text: str, substitution: str) -> str:
        """Replace each match; ``$1`` stands for what the first group read. A pattern of nothing replaces nothing."""
        _afford(text, self.longest_replaced)
        pieces: list[str] = []
        done = size = 0
        for match in self.regex.finditer(text):
            if match.end() == match.start():
                continue
            pieces += [text[done : match.start()], _substituted(substitution, match)]
            done = match.end()
            size += len(pieces[-1])
            if size > LONGEST:
                break
        return joined(*pieces, text[done:])


def _search_degree(part: Part) -> int:
    return max(part.degree, 1) + (1 if part.degree and not part.is_anchored else 0)


def _longest(degree: int) -> int:
    """Return the length whose power is all the steps there may be."""
    return int(_MOST_STEPS ** (1 / degree))


def _afford(text: str, longest: int) -> None:
    if len(text) > longest:
        raise too_long()


def too_long() -> FhirPathError:
    """Return the error of a text that is too long for a pattern."""
    return FhirPathError("fhirpath-budget", limit=f"{_MOST_STEPS} steps of a regular expression")


_GROUP = re.compile(r"\\(.)|\$(\d)|\$\{?(\d)\}?", re.DOTALL)


def _substituted(substitution: str, match: re.Match[str]) -> str:
    def part(reference: re.Match[str]) -> str:
        if reference[1] is not None:
            return reference[1]
        number = int(reference[2] or reference[3])
        return (match[number] or "") if number <= (match.re.groups or 0) else ""

    return _GROUP.sub(part, substitution) if "$" in substitution or "\\" in substitution else substitution


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Pattern:
    """Read and compile a pattern. Raises FhirPathError (``fhirpath-pattern``) for one that can't be taken."""
    try:
        return Pattern(pattern, parse(pattern))
    except (Unreadable, Explosive) as error:
        raise FhirPathError("fhirpath-pattern", reason=str(error)) from None
    except (re.error, OverflowError, RecursionError):
        raise FhirPathError("fhirpath-pattern", reason="it makes no sense") from None


def matches(text: str, pattern: str) -> bool:
    """Whether some part of ``text`` matches."""
    return compiled(pattern).matches(text)


def matches_full(text: str, pattern: str) -> bool:
    """Whether the whole of ``text`` matches."""
    return compiled(pattern).matches_full(text)


def replace_matches(text: str, pattern: str, substitution: str) -> str:
    """Replace what matches."""
    return compiled(pattern).replaced(text, substitution)
