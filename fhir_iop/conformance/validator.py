"""Run HL7's validator cases (`manifest.json` and its files) and compare the verdicts.

A step agrees when both find an error, or neither does. Steps with ``options`` ran the reference validator with a switch
that changes its verdict; they are run as the others are, and counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.conformance.differences import reason
from fhir_iop.conformance.reading import opened
from fhir_iop.conformance.result import Outcome
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.errors import FhirIopError
from fhir_iop.fhir import json, xml
from fhir_iop.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fhir_iop.issue import Issue

MANIFEST: Final = "manifest.json"
_BEST_PRACTICE: Final = "best-practice"
_SHOWN: Final = 12  # errors of one step


@dataclass(frozen=True, slots=True)
class Step:
    """One resource to validate: its text, the definitions it needs, and what the reference validator says of it.

    ``is_valid`` says that it found no error, ``errors`` are its words.
    """

    id: str
    group: str
    format: str
    options: tuple[str, ...]
    raw: bytes
    validator: Validator
    profiles: tuple[str, ...]
    is_valid: bool
    errors: tuple[str, ...]


def read(folder: Path) -> list[Step]:
    """Read every step of the manifest in ``folder`` with the files it names.

    Raises Unusable where a file is missing or can't be read.
    """
    validators: dict[tuple[tuple[str, ...], bool], Validator] = {}
    return [_step(folder, validators, row) for row in opened(folder / MANIFEST, json.decode)]


def _step(folder: Path, validators: dict[tuple[tuple[str, ...], bool], Validator], row: dict[str, Any]) -> Step:
    key = (tuple(row["supporting"]), _BEST_PRACTICE in row["options"])
    if key not in validators:
        supporting, best_practice = key
        # The reference validator ran without a network and took no extension that it didn't know.
        validators[key] = Validator(
            _definitions(folder, supporting), unknown_extension="error", best_practice=best_practice
        )
    return Step(
        id=row["id"],
        group=row["group"],
        format=row["format"],
        options=tuple(row["options"]),
        raw=opened(folder / row["file"], bytes),
        validator=validators[key],
        profiles=tuple(row["profiles"]),
        is_valid=row["valid"],
        errors=tuple(row["errors"]),
    )


def _definitions(folder: Path, supporting: Sequence[str]) -> Definitions:
    bundled = Definitions.bundled()
    if not supporting:
        return bundled

    def from_xml(raw: bytes) -> dict[str, Any]:
        return xml.read(raw, bundled).resource

    resources = [
        opened(folder / file, from_xml if file.endswith(".xml") else json.decode_object) for file in supporting
    ]
    return bundled.with_packages(package_of(resources, "supporting", "0"))


def run(step: Step) -> Outcome:
    """Validate ``step`` and compare the verdicts. A crash is our fault, and never an agreement."""
    issues: list[Issue] = []
    validate = step.validator.validate_xml if step.format == "xml" else step.validator.validate_text
    try:
        issues = validate(step.raw, step.profiles)
    except FhirIopError as refused:
        issues = list(refused.issues)
    except Exception as error:  # noqa: BLE001 - a crash is counted, and the next step runs
        return _outcome(step, "crashed", (f"{type(error).__name__}: {error}",))
    errors = [f"{found.expression}: {found.rule}: {found.details}" for found in issues if found.is_error]
    return _outcome(step, "invalid" if errors else "valid", tuple(errors))


def _outcome(step: Step, verdict: str, errors: tuple[str, ...]) -> Outcome:
    expected = "valid" if step.is_valid else "invalid"
    facts = {
        "format": step.format,
        "options": list(step.options),
        "expected_verdict": expected,
        "verdict": verdict,
        "reason": reason("validator", step.id),
    }
    return Outcome(
        step.id,
        step.group,
        verdict == expected,
        (expected, *step.errors[:_SHOWN]),
        (verdict, *errors[:_SHOWN]),
        facts,
    )


def section(outcome: Outcome) -> str:
    """Return the line of the table that a step is counted in: its group and format, those with options apart."""
    return f"{outcome.group}, {outcome.facts['format']}" + (", with options" if outcome.facts["options"] else "")
