"""Our engine beside HL7's own (Java): generated expressions on real resources, the same values with the same types.

The usual run asks 300 pairs; ``ORACLE_PAIRS=5000`` asks so many. Where the two differ, the difference must be one that
``oracle_differences.json`` explains, and where it says that we are right the reference interpreter must say so too.
"""

from __future__ import annotations

import json as plain_json
import os
import re
import shutil
import sys
import tarfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fhir_iop import fhirpath
from fhir_iop.conformance.fhirpath import told
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.fhirpath.printer import print_tree
from tests.fhirpath.generated import Generator
from tests.fhirpath.reference import Failed, Interpreter, Unspecified

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIRS = int(os.environ.get("ORACLE_PAIRS", "300"))
SEED = int(os.environ.get("ORACLE_SEED", "1"))
ENTRIES = plain_json.loads(Path(__file__).with_name("oracle_differences.json").read_text("utf-8"))
REFUSED = ("refused", "")

pytestmark = [
    pytest.mark.shared,
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17 to ask HL7's engine"),
]


class Pair(NamedTuple):
    """One question and its two answers: the values as ``(type, text)``, the text empty where it is no primitive's."""

    resource: str
    expression: str
    ours: list[tuple[str, str]]
    theirs: list[tuple[str, str]]
    agreed_by_reference: bool | None


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Iterator[Any]:
    sys.path.insert(0, str(shared / "oracle"))
    try:
        from oracle import Oracle
    finally:
        sys.path.pop(0)
    with Oracle() as running:
        yield running
    running._process.stdout.close()


@pytest.fixture(scope="module")
def resources(shared: Path) -> list[tuple[str, dict[str, Any]]]:
    """HL7's R4 examples and US Core's, without the few giants."""
    archives = [
        shared / "conformance" / "r4-examples" / "examples.tgz",
        shared / "packages" / "hl7.fhir.us.core-6.1.0.tgz",
    ]
    found = []
    for archive in archives:
        with tarfile.open(archive) as members:
            for member in members:
                name = Path(member.name)
                is_example = archive.stem == "examples" or name.parent.name == "example"
                if not is_example or name.suffix != ".json" or member.size > 60_000:
                    continue
                resource = json.decode_object(members.extractfile(member).read())  # type: ignore[union-attr]
                if "resourceType" in resource:
                    found.append((name.name, resource))
    return found


def test_the_same_values_and_types(oracle: Any, resources: list[tuple[str, dict[str, Any]]]) -> None:
    explained: Counter[str] = Counter()
    unexplained: list[Pair] = []
    for number in range(PAIRS):
        rng = Random(f"{SEED}-{number}")
        name, resource = rng.choice(resources)
        generator = Generator(Definitions.bundled(), resource, rng)
        tree = generator.expression()
        text = print_tree(generator.ended(tree) if rng.random() < 0.15 else tree)
        pair = asked(oracle, name, resource, text)
        if pair.ours == pair.theirs:
            explained["the same"] += 1
            continue
        reason = explanation(pair)
        if reason is None:
            unexplained.append(pair)
        else:
            explained[reason] += 1
    print("\n".join(f"{count:6} {reason}" for reason, count in explained.most_common()))  # noqa: T201 - pytest -rP shows it
    assert not unexplained, "\n\n".join(
        f"{pair.resource}: {pair.expression}\n ours   {pair.ours}\n theirs {pair.theirs}" for pair in unexplained
    )


def asked(oracle: Any, name: str, resource: dict[str, Any], text: str) -> Pair:
    from oracle import OracleFault

    try:
        ours = [shown(*told(value)) for value in fhirpath.compile(text, resource["resourceType"]).typed(resource)]
    except fhirpath.FhirPathError:
        ours = [REFUSED]
    try:
        answer = oracle.fhirpath(json.encode(resource), text)
        theirs = [shown(value["type"], value.get("value")) for value in answer]
    except OracleFault as fault:
        theirs = [(REFUSED[0], str(fault))]
    if ours == [REFUSED] and theirs[0][:1] == REFUSED[:1]:
        theirs = ours
    return Pair(name, text, ours, theirs, by_reference(resource, text, ours))


def shown(kind: str | None, text: str | None) -> tuple[str, str]:
    """A value as both engines can tell it: an object by its type alone."""
    name = str(kind)
    return name, (text or "") if name[:1].islower() else ""


def by_reference(resource: dict[str, Any], text: str, ours: list[tuple[str, str]]) -> bool | None:
    """Whether the slow interpreter gives what we give; None where it doesn't know."""
    try:
        items = Interpreter(Definitions.bundled(), resource).run(fhirpath.parser.parse(text))
    except Failed:
        return ours == [REFUSED]
    except Unspecified:
        return None
    return [shown(*told(item)) for item in items] == ours


def explanation(pair: Pair) -> str | None:
    """Find the entry of the list that explains a difference.

    An entry fits where each regular expression that it has is found: in ``expression``, in ``ours``, in ``theirs``.
    ``rewrite`` (a pattern and what replaces it, applied to both sides) must make the two equal.
    """
    sides = {"expression": pair.expression, "ours": repr(pair.ours), "theirs": repr(pair.theirs)}
    for entry in ENTRIES:
        fits = all(re.search(entry[side], text) for side, text in sides.items() if side in entry)
        if fits and "rewrite" in entry:
            fits = re.sub(*entry["rewrite"], sides["ours"]) == re.sub(*entry["rewrite"], sides["theirs"])
        if fits and not (entry["right"] == "ours" and pair.agreed_by_reference is False):
            return str(entry["id"])
    return None
