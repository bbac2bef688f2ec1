"""Every published example of US Core conforms to what it claims, but for the listed faults of the examples."""

import tomllib
from pathlib import Path

import pytest

from tests.validation.us_core import VERSIONS, examples, store_of, validator_of

LISTED = tomllib.loads(Path(__file__).with_name("us_core_faults.toml").read_text("utf-8"))

Told = tuple[str, str, str, str]


def listed(kind: str, version: str) -> set[Told]:
    return {
        (kind, example, one["rule"], place)
        for one in LISTED[kind]
        if version in one["versions"]
        for example in one["examples"]
        for place in one["places"]
    }


@pytest.mark.shared
@pytest.mark.parametrize("version", VERSIONS)
def test_the_examples_conform_to_what_they_claim(shared: Path, version: str) -> None:
    texts = examples(shared, version)
    assert len(texts) == VERSIONS[version]
    validator = validator_of(version, store_of(texts).get)
    found = {
        (issue.severity, name, issue.rule, issue.expression)
        for name, text in texts.items()
        for issue in validator.validate_text(text)
        if issue.severity != "information"
    }
    assert found == listed("error", version) | listed("warning", version)


@pytest.mark.parametrize("kind", ["error", "warning"])
def test_each_listed_fault_says_why(kind: str) -> None:
    for one in LISTED[kind]:
        assert set(one) == {"examples", "rule", "places", "versions", "reason"}
        assert one["reason"].endswith(".")
        assert one["versions"]
        assert set(one["versions"]) <= VERSIONS.keys()
