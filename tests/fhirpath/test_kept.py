"""Expressions whose functions are kept on disk: the same answers without the compiler, and never those of data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhirpath import Context, FhirPathError
from fhir_iop.fhirpath.expression import Expression
from fhir_iop.fhirpath.model import Model
from fhir_iop.fhirpath.references import Untold, found, told
from fhir_iop.fhirpath.runtime.typed import TypedValue

PATIENT = {
    "resourceType": "Patient",
    "name": [{"given": ["Ada", "Invented"], "use": "official"}, {"family": "Invented"}],
    "birthDate": "1990-02-28",
    "telecom": [{"value": "555-0100", "rank": 2}, {"value": "ada@example.org", "rank": 1}],
    "contact": [{"name": {"family": "Other"}}],
}
# Every kind of object that a function refers to by name: functions, tables, the model, constants, patterns.
EXPRESSIONS = [
    "name.given.first()",
    "name.where(use = 'official').given | name.family",
    "(1.50 | 2.50).first()",
    "1.10 + 2.25",
    "4 'mg' = 0.004 'g'",
    "birthDate < @2000-01-01",
    "telecom.value.matches('^[0-9-]+$')",
    "telecom.first().value.matches('[a-z]+@')",
    "telecom.first().value.matchesFull('[0-9]{3}-[0-9]{4}')",
    "telecom.rank.aggregate($this + $total, 0)",
    "descendants().ofType(HumanName).family",
    "contact.name.is(HumanName)",
    "name.use in ('usual' | 'official')",
    "children().count()",
    "type().name",
    "name.first().use.memberOf('http://hl7.org/fhir/ValueSet/name-use')",
    "('a' | 'b').join(', ')",
    "telecom.where(rank > 1).exists() and name.all(given.exists() or family.exists())",
    "%resource.name.count() = 2",
    "{}",
]


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Definitions]:
    """A maker of definitions as another process would have them, with a folder of this test's."""
    monkeypatch.setenv("FHIR_IOP_CACHE_FOLDER", str(tmp_path / "cache"))
    return lambda: Definitions(Definitions.bundled().packages)


def answers(expression: Expression) -> list[Any]:
    context = Context(resource=PATIENT)
    answered: list[Any] = []
    for ask in (expression, expression.typed, expression.holds):
        try:
            answered.append(ask(PATIENT, context))
        except FhirPathError as error:
            answered.append(str(error))
    return answered


@pytest.mark.parametrize("text", EXPRESSIONS)
@pytest.mark.parametrize("start", ["Patient", None])
def test_a_kept_expression_answers_the_same(
    text: str, start: str | None, fresh: Callable[[], Definitions], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answers(fhirpath.compile(text, start))
    cold = fresh()
    assert answers(fhirpath.compile(text, start, cold, is_kept=True)) == expected
    cold.derived.save()
    monkeypatch.setattr(Expression, "_plan", None)
    assert answers(fhirpath.compile(text, start, fresh(), is_kept=True)) == expected


def test_an_illegal_expression_is_told_every_time(fresh: Callable[[], Definitions]) -> None:
    for _ in range(2):
        definitions = fresh()
        with pytest.raises(FhirPathError, match="gven"):
            fhirpath.compile("name.gven", "Patient", definitions, is_kept=True)
        definitions.derived.save()


def test_an_expression_that_came_with_data_is_not_kept(fresh: Callable[[], Definitions], tmp_path: Path) -> None:
    definitions = fresh()
    assert fhirpath.compile("name.family = 'Somebody'", "Patient", definitions).holds(PATIENT) is False
    definitions.derived.save()
    assert not (tmp_path / "cache").exists()


def test_the_source_is_the_way_that_is_asked_for(fresh: Callable[[], Definitions]) -> None:
    for _ in range(2):
        definitions = fresh()
        expression = fhirpath.compile("name.given", "Patient", definitions, is_kept=True)
        assert expression.source_of("holds").count("def holds(") == 1
        assert expression.source.count("def values(") == 1
        definitions.derived.save()


@pytest.mark.parametrize("thing", [lambda: 1, [1], {"a": 1}, {1}, print, TypedValue("x", [1]), 1.5])
def test_what_cannot_be_told_is_not_guessed(thing: Any) -> None:
    with pytest.raises(Untold):
        told({"THING": thing}, Model(Definitions.bundled()))


def test_what_is_told_is_found() -> None:
    model, other = Model(Definitions.bundled()), Model(Definitions.bundled())
    named = found(told({"MODEL": model, "CHILDREN": model.named("name"), "use": TypedValue}, model), other)
    assert named["MODEL"] is other
    assert named["CHILDREN"] is other.named("name")
    assert named["use"] is TypedValue
