"""Each defect seeded into a published example is found, once and at its place; the harmless change beside it isn't."""

import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fhir_iop.issue import Issue
from fhir_iop.validation import Validator
from fhir_iop.wording import CATALOGUE
from tests.validation.seeded.collected import ANSWERS, KINDS, chosen, seeds
from tests.validation.seeded.content import NOT_FOR_US
from tests.validation.seeded.profiled import made
from tests.validation.seeded.seed import Edit, Example
from tests.validation.us_core import examples, store_of, validator_of

pytestmark = pytest.mark.shared


TARGETS = frozenset({"broken_reference", "target_of_another_profile"})
"""The kinds that are about what references lead to: only for these are the targets at hand, which takes time."""


class Store(NamedTuple):
    """Which of the other examples are at hand."""

    questionnaires: bool
    targets: bool

    @classmethod
    def of(cls, kind: str) -> "Store":
        return cls(kind in ANSWERS, kind in TARGETS)

    def holds(self, resource: dict[str, Any]) -> bool:
        return self.questionnaires if resource["resourceType"] == "Questionnaire" else self.targets


@cache
def validator(shared: Path, version: str, store: Store) -> Validator:
    held = {key: one for key, one in store_of(examples(shared, version)).items() if store.holds(one)}
    if store.targets:
        held["Patient/nameless"] = NOT_FOR_US
    return validator_of(version, held.get if held else None, made(version))


@cache
def before(shared: Path, index: int, store: Store) -> list[Issue]:
    example = chosen(shared)[index]
    return validator(shared, example.version, store).validate(example.resource)


def news(shared: Path, example: Example, edit: Edit, kind: str) -> list[Issue]:
    """What is found after a change and wasn't before; what can't be checked is no finding."""
    resource: Any = copy.deepcopy(example.resource)
    edited = edit(resource)
    resource = edited if isinstance(edited, dict) else resource
    store = Store.of(kind)
    known = before(shared, chosen(shared).index(example), store)
    found = validator(shared, example.version, store).validate(resource)
    # A Questionnaire that was changed to ask for more travels in its response: what is wrong with it isn't meant.
    passed_over = f"{example.type}.contained" if store.questionnaires else "nothing"
    return [
        issue
        for issue in found
        if issue.rule != "binding-unchecked"
        and not issue.expression.startswith(passed_over)
        and outside(issue, example) not in known
    ]


def outside(issue: Issue, example: Example) -> Issue:
    """The same finding, were the example not in a Bundle."""
    return replace(issue, expression=issue.expression.replace("Bundle.entry[0].resource", example.type))


@pytest.mark.parametrize("kind", KINDS)
def test_each_defect_is_found_once_at_its_place(shared: Path, kind: str) -> None:
    wrong = []
    for example, seed in seeds(shared, kind):
        found = news(shared, example, seed.broken, kind)
        severity = seed.severity or (CATALOGUE[seed.rule].severity if seed.rule in CATALOGUE else "error")
        told = sorted((issue.rule, issue.expression) for issue in found)
        expected = sorted([(seed.rule, seed.place), *seed.more])
        severities = {issue.severity for issue in found if issue.rule == seed.rule}
        if told != expected or severities != {severity}:
            wrong.append((example.version, example.name, expected, [(*one, "") for one in told], severities))
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_harmless_passes(shared: Path, kind: str) -> None:
    wrong = []
    for example, seed in seeds(shared, kind):
        found = [issue for issue in news(shared, example, seed.control, kind) if issue.severity != "information"]
        if found:
            wrong.append((example.version, example.name, seed.rule, seed.place, found))
    assert wrong == []


def test_there_are_enough(shared: Path) -> None:
    all_seeds = [seed for kind in KINDS for _, seed in seeds(shared, kind)]
    assert len(all_seeds) >= 440
    assert len({seed.rule for seed in all_seeds}) >= 120  # rules and invariants
