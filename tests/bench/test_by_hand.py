"""The hand-written checks, which are the floor: they say what the expressions say, on the corpus and on broken data."""

import json as plain_json
from pathlib import Path

import pytest

from bench import by_hand
from bench.corpus import resources
from bench.fhirpath import OWN, Work, works
from fhir_iop import fhirpath
from fhir_iop.fhir import json

WORKS = works(resources(80))


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_each_gives_what_the_expression_gives(work: Work) -> None:
    compiled = fhirpath.compile(work.expression, work.type)
    ours = compiled.holds if work.condition else compiled
    assert work.sample
    assert [work.by_hand(item) for item in work.sample] == [ours(item) for item in work.sample]


def test_there_are_enough() -> None:
    conditions = [work for work in WORKS if work.condition]
    assert len(conditions) >= 25
    assert len(WORKS) - len(conditions) >= 20


@pytest.mark.shared
def test_each_invariant_of_ours_tells_its_fixtures_apart(shared: Path) -> None:
    chosen = plain_json.loads(OWN.read_text("utf-8"))
    tried = 0
    for constraint in json.decode((shared / "domain" / "constraints.json").read_bytes()):
        check = getattr(by_hand, constraint["id"].replace("-", "_"), None)
        if check is None:
            continue
        assert chosen[constraint["id"]]["expression"] == constraint["expression"]
        holds = fhirpath.compile(constraint["expression"], constraint["context"]).holds
        for expected, side in ((True, "pass"), (False, "fail")):
            for fixture in constraint[side]:
                assert holds(fixture) is expected, constraint["id"]
                assert check(fixture) is expected, constraint["id"]
                tried += 1
    assert tried > 30
