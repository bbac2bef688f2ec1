"""What is generated: the printer gives the tree back, and compiled code gives what the slow interpreter gives."""

from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fhir_iop import fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhirpath.parser import parse
from fhir_iop.fhirpath.printer import print_tree
from fhir_iop.fhirpath.tree import (
    CALENDAR_WORDS,
    PRECEDENCE,
    Binary,
    Call,
    Empty,
    Indexer,
    Literal,
    Member,
    Node,
    QuantityLiteral,
    SortKey,
    Special,
    TypeOperation,
    Unary,
    Variable,
)
from tests.fhirpath.generated import Generator
from tests.fhirpath.made import made
from tests.fhirpath.reference import Failed, Interpreter, Unspecified
from tests.fhirpath.reference.items import Item

TYPES = ["Patient", "Observation", "MedicationRequest", "CarePlan", "QuestionnaireResponse", "Questionnaire", "Bundle"]

# --- any tree at all ----------------------------------------------------------------------------------------------

names = st.text(min_size=1, max_size=8).filter(lambda name: name.isprintable()) | st.sampled_from(
    ["name", "given", "div", "is", "as", "contains", "in", "day", "true", "asc", "_x", "A1", "año", "`", "\\"]
)
digits = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=3)
leaves: st.SearchStrategy[Node] = st.one_of(
    st.just(Empty()),
    st.booleans().map(lambda value: Literal("Boolean", value)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(lambda value: Literal("String", value)),
    st.integers(0, 2**31 - 1).map(lambda value: Literal("Integer", value)),
    digits.map(lambda value: Literal("Decimal", value)),
    st.dates().map(lambda value: Literal("Date", value.isoformat())),
    st.datetimes().map(lambda value: Literal("DateTime", value.isoformat(timespec="milliseconds") + "+02:00")),
    st.sampled_from(["2015", "2015-02"]).map(lambda value: Literal("DateTime", value)),
    st.times().map(lambda value: Literal("Time", value.isoformat(timespec="seconds"))),
    st.builds(QuantityLiteral, digits, st.text(st.characters(codec="ascii"), max_size=6), st.just(False)),
    st.builds(QuantityLiteral, digits, st.sampled_from(sorted(CALENDAR_WORDS)), st.just(True)),
    st.sampled_from(["this", "index", "total"]).map(Special),
    names.map(Variable),
    names.map(lambda name: Member(None, name)),
)


def pairs(parts: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(parts, min_size=least, max_size=2).map(tuple)


def grown(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    operators = [operator for level in PRECEDENCE for operator in level if operator not in ("is", "as")]
    key = parts | st.builds(SortKey, parts, st.booleans())
    return st.one_of(
        st.builds(Member, parts, names),
        st.builds(Call, st.none() | parts, names.filter(lambda name: name != "sort"), pairs(parts)),
        st.builds(Call, parts, st.just("sort"), pairs(key)),
        st.builds(Indexer, parts, parts),
        st.builds(Unary, st.sampled_from("+-"), parts),
        st.builds(Binary, st.sampled_from(operators), parts, parts),
        st.builds(TypeOperation, st.sampled_from(["is", "as"]), parts, pairs(names, 1)),
    )


@given(st.recursive(leaves, grown, max_leaves=12))
def test_a_printed_tree_is_parsed_to_itself(tree: Node) -> None:
    assert parse(print_tree(tree)) == tree


# --- compiled and interpreted -------------------------------------------------------------------------------------


def told(item: Item | fhirpath.TypedValue) -> tuple[str, Any]:
    """An item's type and value in one form for both sides; 1.0 isn't 1.00 here."""
    value = item.value
    if item.type == "System.Quantity" and isinstance(value, dict):
        value = (value["value"], value.get("code", value.get("unit")))
    return item.type, str(value) if isinstance(value, Decimal) else value


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(TYPES))
def test_compiled_code_gives_what_the_interpreter_gives(rng: Random, type_name: str) -> None:
    definitions = Definitions.bundled()
    resource = made(definitions, rng, type_name)
    tree = Generator(definitions, resource, rng).expression()
    try:
        expected = [told(item) for item in Interpreter(definitions, resource).run(tree)]
    except (Failed, Unspecified):
        assume(False)
    text = print_tree(tree)
    compiled = fhirpath.compile(text, type_name)
    typed = compiled.typed(resource)
    found = [told(value) for value in typed]
    if "descendants" in text or "children" in text:  # their order is nobody's promise
        assert Counter(map(repr, found)) == Counter(map(repr, expected)), text
    else:
        assert found == expected, text
        assert compiled(resource) == [value.value for value in typed if value.value is not None], text
    if not typed or (len(typed) == 1 and typed[0].value is not None):
        assert compiled.holds(resource) is truth(typed), text


def truth(typed: list[fhirpath.TypedValue]) -> bool:
    """What an invariant makes of a result: nothing isn't true, one item that is no Boolean is."""
    return bool(typed) and (typed[0].value is True or not typed[0].type.lower().endswith("boolean"))


NEED_ONE = ["({}).single()", "({}) & 'a'", "({}) < 'a'", "({}) and true", "-({})", "({}).upper()", "({}) is string"]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(TYPES), st.sampled_from(NEED_ONE))
def test_what_needs_one_item_refuses_several(rng: Random, type_name: str, form: str) -> None:
    definitions = Definitions.bundled()
    resource = made(definitions, rng, type_name)
    tree = Generator(definitions, resource, rng).expression()
    try:
        assume(Interpreter(definitions, resource).run(tree))
    except (Failed, Unspecified):
        assume(False)
    text = form.replace("{}", f"({print_tree(tree)}).combine('one more')")
    with pytest.raises(fhirpath.FhirPathError):
        fhirpath.compile(text, type_name).typed(resource)


def test_nothing_from_either_side_of_an_iif_is_a_list() -> None:
    compiled = fhirpath.compile("iif(active, {}, {})", "Patient")
    assert compiled({"resourceType": "Patient", "active": True}) == []
    assert compiled({"resourceType": "Patient"}) == []
