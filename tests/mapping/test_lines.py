"""Rules on one line: what they mean, and what printing them back gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.mapping.document import Place
from fhir_iop.mapping.lines import LineError, parse_condition, parse_field, parse_line

HERE = Place("a.yaml", 3, 7)
NAME = st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True)
FIELD = st.builds(
    lambda root, names, many: root + ".".join(names) + many,
    st.sampled_from(["", "/"]),
    st.lists(NAME, min_size=1, max_size=3),
    st.sampled_from(["", "[]"]),
)
SEGMENT = st.builds(
    "".join,
    st.tuples(
        st.from_regex(r"[a-z][A-Za-z]{0,6}", fullmatch=True),
        st.sampled_from(["", "(race)", "(change-reason)"]),
        st.sampled_from(["", ":rxnorm", ":us-core"]),
        st.sampled_from(["", "[]"]),
    ),
)
PATH = st.lists(SEGMENT, min_size=1, max_size=3).map(".".join)
CALL = st.sampled_from(["time", "codes(status)", "reference(a, b/c)"])


@given(FIELD, st.sampled_from(["<->", "->", "<-"]), PATH, st.none() | CALL)
def test_a_rule_is_read_as_it_is_written(field: str, arrow: str, path: str, call: str | None) -> None:
    line = parse_line(f"{field}  {arrow} {path}" + (f" | {call}" if call else ""), HERE)
    assert (str(line.field), line.arrow, line.path_text) == (field, arrow, path)
    assert (line.call is None) == (call is None)
    assert line.path[0].place == HERE.moved(len(field) + 2 + len(arrow) + 1)
    assert line.path[-1].place == HERE.moved(len(field) + 2 + len(arrow) + 1 + len(path) - len(str(line.path[-1])))


def test_a_constant() -> None:
    line = parse_line('code.coding = loinc#1-8 "A display | <-> of it"', HERE)
    assert (line.arrow, line.field, line.path_text) == ("=", None, "code.coding")
    assert line.constant == 'loinc#1-8 "A display | <-> of it"'
    assert line.constant_place == HERE.moved(14)


def test_a_computed_value() -> None:
    line = parse_line("hasMember[] = parts(result)", HERE)
    assert line.constant is None
    assert str(line.call) == "parts(result)"
    assert line.path[0].many


@pytest.mark.parametrize(
    "text", ["a", "a <-> ", "<-> b", "a <=> b", "a <-> b |", "a <-> b | C", "= x", "a b = c", "a <-> b..c"]
)
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(LineError):
        parse_line(text, HERE)


@pytest.mark.parametrize(
    ("text", "field", "negated", "values"),
    [
        ("part2", "part2", False, ()),
        ("not /recorded_by", "/recorded_by", True, ()),
        ("status == active", "status", False, ("active",)),
        ("not status in [a, b ]", "status", True, ("a", "b")),
    ],
)
def test_conditions(text: str, field: str, negated: bool, values: tuple[str, ...]) -> None:
    condition = parse_condition(text, HERE)
    assert (str(condition.field), condition.negated, condition.values) == (field, negated, values)


def test_the_item_itself() -> None:
    assert parse_field(".", HERE).steps == ()
    assert str(parse_field(".", HERE)) == "."
