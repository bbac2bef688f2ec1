"""What findings say: their FHIR issue types fit, each says where it is written, and none repeats a patient's words."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bench.corpus import resources
from fhir_iop import wording
from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator
from fhir_iop.wording import catalogue
from fhir_iop.wording.validation import WORDINGS
from tests.validation.test_response_forms import CASES

# A fact that names a definition, or the standard's own invariant.
_SAYS_WHERE = re.compile(r"\{(?:by|question|form|canonical|url|type|system)\}|\((?:[a-z]{2,3}-\d+)\)")
# What can't be read, isn't at hand, or says something of the report itself: nothing is written of it.
_UNREADABLE = frozenset({"fatal"})
_OF_THE_REPORT = frozenset({"findings-many"})


def test_every_issue_type_and_severity_is_fhirs(definitions: Definitions) -> None:
    codes = definitions.codes("http://hl7.org/fhir/ValueSet/issue-type")
    severities = definitions.codes("http://hl7.org/fhir/ValueSet/issue-severity")
    assert codes
    assert severities
    for rule, words in wording.CATALOGUE.items():
        assert words.code in codes, rule
        assert words.severity in severities, rule


def test_no_two_rooms_have_a_rule_of_one_name() -> None:
    rooms = [room for name, room in vars(catalogue).items() if hasattr(room, "WORDINGS") and name[0] != "_"]
    assert len(rooms) > 10
    assert sum(len(room.WORDINGS) for room in rooms) == len(wording.CATALOGUE)


@pytest.mark.parametrize("rule", WORDINGS)
def test_every_sentence_of_validation_says_where_it_is_written(rule: str) -> None:
    told = wording.CATALOGUE[rule]
    assert told.page or _SAYS_WHERE.search(told.words) or told.severity in _UNREADABLE or rule in _OF_THE_REPORT
    assert told.words[0].isupper() or told.words[0] == "{"
    assert told.words.endswith((".", "}"))
    assert "  " not in told.words


def test_a_page_ends_the_sentence() -> None:
    words = wording.Wording("error", "value", "This is no {type}.", "http://hl7.org/fhir/R4/datatypes.html#{type}")
    assert words.told({"type": "date"}) == "This is no date (http://hl7.org/fhir/R4/datatypes.html#date)."
    asked = wording.Wording("error", "value", "Did you mean that?", "http://hl7.org/fhir/R4/xml.html")
    assert asked.told({}) == "Did you mean that? (http://hl7.org/fhir/R4/xml.html)"


SECRET = "Zyxwv Secretname"


def with_a_secret(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the resource once for each text in it, with a patient's name in the place of that text."""
    for path in texts(resource, ()):
        changed = copy.deepcopy(resource)
        holder: Any = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = SECRET
        yield changed


def texts(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        yield path
    elif isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(inner, (*path, key))


@pytest.mark.parametrize("us_core", [False, True])
def test_no_finding_repeats_a_text_wherever_it_stands(validator: Validator, us_core: bool) -> None:
    for resource in resources(12, us_core=us_core):
        for changed in with_a_secret(resource):
            for issue in validator.validate(changed):
                assert "Secretname" not in issue.details + issue.expression, issue


def test_no_finding_about_an_answer_repeats_it(validator: Validator) -> None:
    for asked, given, _ in CASES:
        for changed in with_a_secret(given):
            for issue in validator.validate(changed, questionnaires=[asked]):
                assert "Secretname" not in issue.details + issue.expression, issue
