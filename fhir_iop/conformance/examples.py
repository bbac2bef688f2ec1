"""HL7's R4 examples (`examples.tgz`) beside what its validator, run without a network, says of each (`manifest.json`).

An example agrees when both find an error, or neither does. What HL7's validator calls an error only because content
isn't at hand (a code system, a version) is none here: an example with no other errors is expected to be valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.conformance.differences import reason
from fhir_iop.conformance.reading import opened
from fhir_iop.conformance.result import Outcome
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.archive import members
from fhir_iop.errors import FhirIopError, Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue
from fhir_iop.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fhir_iop.issue import Issue

ARCHIVE: Final = "examples.tgz"
MANIFEST: Final = "manifest.json"

# What HL7's validator says of codes in a system that it hasn't: its own lack, and no fault of the example.
_LACKING: Final = frozenset({"UNABLE_TO_INFER_CODESYSTEM", "Terminology_TX_NoValid_16"})
_ASIDE: Final = re.compile(r"/\*.*?\*/|\[url='[^']*'\]")  # which resource, which extension, told beside the place


@dataclass(frozen=True, slots=True)
class Example:
    """One example, and the errors that HL7's validator tells: (rule, place, words) each.

    ``needs_terminology`` says that all of them are about content that isn't at hand.
    """

    id: str
    raw: bytes
    needs_terminology: bool
    errors: tuple[tuple[str, str, str], ...]


def read(folder: Path) -> list[Example]:
    """Read the manifest and the examples in ``folder``.

    Raises Unusable where one of the files is missing or can't be read, or an example isn't in the archive.
    """
    rows = opened(folder / MANIFEST, json.decode)
    texts = {name.rpartition("/")[2]: raw for name, raw in members(opened(folder / ARCHIVE, bytes), ARCHIVE)}
    return [_example(folder, texts, row) for row in rows]


def _example(folder: Path, texts: dict[str, bytes], row: dict[str, Any]) -> Example:
    name = row["file"]
    if name not in texts:
        raise Unusable(issue("conformance-missing", str(folder), file=name))
    errors = tuple((each["rule"], _ASIDE.sub("", each["expression"]), each["text"]) for each in row["errors"])
    return Example(name, texts[name], row["needs_terminology"], errors)


@cache
def _validator() -> Validator:
    # HL7's validator took no extension that it didn't know.
    return Validator(Definitions.bundled(), unknown_extension="error")


def run(example: Example) -> Outcome:
    """Validate ``example`` and compare the verdicts. A crash is our fault, and never an agreement."""
    true_errors = [] if example.needs_terminology else [each for each in example.errors if each[0] not in _LACKING]
    expected = "invalid" if true_errors else "valid"
    found: list[Issue] = []
    try:
        found = [each for each in _validator().validate_text(example.raw) if each.is_error]
        verdict = "invalid" if found else "valid"
    except FhirIopError as refused:
        found, verdict = list(refused.issues), "invalid"
    except Exception as error:  # noqa: BLE001 - a crash is counted, and the next example runs
        verdict = f"crashed: {type(error).__name__}: {error}"
    facts = {
        "expected_verdict": expected,
        "verdict": verdict,
        "places": len(true_errors),
        "places_missed": _missed([place for _, place, _ in true_errors], [each.expression for each in found]),
        "reason": reason("examples", example.id),
    }
    return Outcome(
        example.id,
        "verdict needs terminology" if example.needs_terminology else "verdict needs no terminology",
        verdict == expected,
        (expected, *(f"{place}: {rule}: {words}" for rule, place, words in true_errors)),
        (verdict, *(f"{each.expression}: {each.rule}: {each.details}" for each in found)),
        facts,
    )


def _missed(places: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return those of ``places`` at and below which nothing is found."""
    return [
        place
        for place in dict.fromkeys(places)
        if not any(one == place or one.startswith(f"{place}.") for one in found)
    ]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Say at how many of the places that HL7's validator tells something was found."""
    places = sum(outcome.facts["places"] for outcome in outcomes)
    missed = [f"{outcome.id}: {place}" for outcome in outcomes for place in outcome.facts["places_missed"]]
    return "\n  ".join([f"Places of errors: {places - len(missed)} of {places} found.", *missed])
