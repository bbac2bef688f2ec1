"""Our validator beside HL7's own (Java): generated resources, valid and with one fault each, the same verdict.

The usual run asks about 200; ``ORACLE_RESOURCES=5000`` asks about so many. A verdict is whether there is any error;
what only says that terminology isn't at hand is left aside. Where the two differ, ``oracle_disagreements.json`` must
explain each error of the one that found some.
"""

from __future__ import annotations

import json as plain_json
import os
import re
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fhir_iop import data
from fhir_iop.definitions.packing import pack
from fhir_iop.fhir import json
from tests.validation.generated.cases import Case, Cases

if TYPE_CHECKING:
    from collections.abc import Iterator

RESOURCES = int(os.environ.get("ORACLE_RESOURCES", "200"))
FIRST = int(os.environ.get("ORACLE_FIRST", "0"))
ENTRIES = plain_json.loads(Path(__file__).with_name("oracle_disagreements.json").read_text("utf-8"))
AGREEMENT = 0.98

pytestmark = [
    pytest.mark.shared,
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17 to ask HL7's validator"),
]


class Verdict(NamedTuple):
    """What the two said of one case: the errors of each, as one line a finding."""

    case: Case
    ours: list[str]
    theirs: list[str]

    @property
    def agreed(self) -> bool:
        return bool(self.ours) == bool(self.theirs)


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases()


@pytest.fixture(scope="module")
def oracle(shared: Path, cases: Cases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """HL7's validator with US Core, our guide, and the Questionnaires."""
    folder = tmp_path_factory.mktemp("definitions")
    guide = tmp_path_factory.mktemp("guide") / "dev.fhir-iop.guide-0.1.0.tgz"
    guide.write_bytes(pack(data.folder("profiles") / "iop", data.folder("examples") / "guide"))
    for form in cases.forms:
        (folder / f"Questionnaire-{form['id']}.json").write_bytes(json.encode(form))
    sys.path.insert(0, str(shared / "oracle"))
    try:
        from oracle import Oracle
    finally:
        sys.path.pop(0)
    package = shared / "packages" / "hl7.fhir.us.core-6.1.0.tgz"
    with Oracle(packages=[package, guide], definitions=[folder]) as running:
        yield running
    running._process.stdout.close()


def test_the_same_verdict(oracle: Any, cases: Cases) -> None:
    verdicts = [asked(oracle, cases, cases.case(number)) for number in range(FIRST, FIRST + RESOURCES)]
    explained: Counter[str] = Counter()
    unexplained = []
    for verdict in verdicts:
        if not verdict.agreed:
            reasons = {explanation(error, verdict) for error in verdict.ours + verdict.theirs}
            if None in reasons:
                unexplained.append(verdict)
            explained.update(str(reason) for reason in reasons if reason)
    print(table(verdicts))  # noqa: T201 - pytest -rP shows it
    print("\n".join(f"{count:6} {reason}" for reason, count in explained.most_common()))  # noqa: T201
    assert not unexplained, "\n\n".join(map(told, unexplained[:40]))
    assert sum(verdict.agreed for verdict in verdicts) >= AGREEMENT * len(verdicts)


def asked(oracle: Any, cases: Cases, case: Case) -> Verdict:
    from oracle import OracleFault

    raw = json.encode(case.resource)
    ours = [found for found in cases.validator.validate_text(raw) if found.is_error]
    try:
        issues = oracle.validate(raw)
    except OracleFault as fault:
        issues = [{"severity": "fatal", "terminology": False, "rule": "fault", "expression": "", "text": str(fault)}]
    theirs = [issue for issue in issues if issue["severity"] in {"error", "fatal"} and not lacks_content(issue, cases)]
    return Verdict(
        case,
        [f"ours {found.rule} {found.expression}: {found.details}" for found in ours],
        [f"theirs {issue['rule']} {issue['expression']}: {issue['text']}" for issue in theirs],
    )


def lacks_content(issue: dict[str, Any], cases: Cases) -> bool:
    """Whether an issue only says that terminology isn't at hand; that there is no code, or a wrong one, says more."""
    if not issue["terminology"]:
        return False
    if "No code provided" in issue["text"] or issue["rule"] == "Terminology_TX_Coding_Count":
        return False
    value_set = re.search(r"(?:not found|are) in the value set '[^']*' \(([^)]*)\)", issue["text"])
    return not (value_set and cases.definitions.expansion(value_set[1]).is_exact)


def explanation(error: str, verdict: Verdict) -> str | None:
    """Find the entry of the list that explains an error that only one of the two found."""
    for entry in ENTRIES:
        if re.search(entry["error"], error) and re.fullmatch(entry.get("fault", ".*"), verdict.case.fault):
            return str(entry["id"])
    return None


def table(verdicts: list[Verdict]) -> str:
    """Return how often the two agreed, by kind of case, in lines."""
    counts: dict[tuple[str, str], list[bool]] = {}
    for verdict in verdicts:
        for kind in (verdict.case.kind, "all"):
            counts.setdefault((kind, "mutated" if verdict.case.fault else "valid"), []).append(verdict.agreed)
    lines = [
        f"{kind:14} {what:8} {sum(agreed):6} of {len(agreed):6}  {100 * sum(agreed) / len(agreed):6.2f} %"
        for (kind, what), agreed in sorted(counts.items(), key=lambda pair: (pair[0][0] == "all", pair[0]))
    ]
    total = sum(verdict.agreed for verdict in verdicts)
    return "\n".join([*lines, f"{'together':23} {total:6} of {len(verdicts):6}  {100 * total / len(verdicts):6.2f} %"])


def told(verdict: Verdict) -> str:
    case = verdict.case
    errors = "\n ".join((verdict.ours + verdict.theirs)[:6])
    return f"case {case.number}, {case.kind} {case.resource['resourceType']}, {case.fault or 'valid'}\n {errors}"
