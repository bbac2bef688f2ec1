"""Records made at random: valid, of every kind, varied, and the same from the same number."""

import re
from random import Random

import pytest

from fhir_iop.mapping import Mappings
from fhir_iop.mapping.making import record
from fhir_iop.mapping.making.texts import matching
from fhir_iop.mapping.usage import uses

KINDS = ("check-in", "prescription", "questionnaire", "treatment-plan", "drug-screen", "patient")


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_valid_and_map(kind: str, mappings: Mappings) -> None:
    for seed in range(40):
        made = record(mappings.compiled(kind), Random(seed))
        assert mappings.to_fhir(made).issues == []


def test_the_same_number_makes_the_same_record(mappings: Mappings) -> None:
    compiled = mappings.compiled("prescription")
    assert record(compiled, Random(7)) == record(compiled, Random(7))
    assert record(compiled, Random(7)) != record(compiled, Random(8))


def test_every_field_is_made_sometimes(mappings: Mappings) -> None:
    for kind in mappings.kinds:
        made = [record(mappings.compiled(kind), Random(seed)) for seed in range(150)]
        for use in uses(mappings.compiled(kind).plan):
            assert any(_there(one, use.path.split(".")) for one in made), f"{kind}: {use.path}"


def _there(value: object, steps: list[str]) -> bool:
    if isinstance(value, list):
        return any(_there(item, steps) for item in value)
    if not steps:
        return True
    return isinstance(value, dict) and steps[0] in value and _there(value[steps[0]], steps[1:])


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$",
        r"^(?:https?://[!-~]+|urn:oid:[0-2](?:\.(?:0|[1-9][0-9]{0,20}))+)$",
        r"^\+?[0-9(][0-9 ().-]{5,22}[0-9](?: ?x[0-9]{1,6})?$",
        r"^[^\s@<>()]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}$",
        r"^[^\u0000-\u001f]{2,}$",
        r"a|bc|(d)e\d\w",
        r"^[\d\-x]\.$",
    ],
)
def test_texts_match_their_pattern(pattern: str) -> None:
    made = {matching(pattern)(Random(seed)) for seed in range(60)}
    assert len(made) > 2
    for text in made:
        assert re.fullmatch(pattern.removeprefix("^").removesuffix("$"), text), text


@pytest.mark.parametrize("pattern", ["(?=a)b", r"\bx", "a*?", "(a", "[a", "a)", r"\1", "^*"])
def test_patterns_of_another_kind_are_told(pattern: str) -> None:
    with pytest.raises(ValueError, match="no plain pattern"):
        matching(pattern)(Random(0))
