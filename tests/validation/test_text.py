"""JSON text: what can't be read is a finding, and every finding has its line and column."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhir import json as fhir_json
from fhir_iop.validation import Validator
from fhir_iop.validation.positions import positions, values
from fhir_iop.validation.seeking import offsets_in_compact

BROKEN = """{
  "resourceType": "Patient",
  "id": "invented",
  "name": [
    {"family": "Invented"},
    {"family": "",
     "given": ["ä", ""]}
  ],
  "gender": "unclear",
  "active": true, "active": false
}"""


def told(validator: Validator, raw: str | bytes) -> list[tuple[str, str, int | None, int | None]]:
    return [(issue.rule, issue.expression, issue.line, issue.column) for issue in validator.validate_text(raw)]


def test_findings_have_line_and_column(validator: Validator) -> None:
    assert told(validator, BROKEN.encode()) == [
        ("json-duplicate", "Patient.active", 10, 19),
        ("empty", "Patient.name[1].family", 6, 6),
        ("empty", "Patient.name[1].given[1]", 7, 21),
        ("binding-required", "Patient.gender", 9, 3),
    ]


def test_text_and_bytes_say_the_same(validator: Validator) -> None:
    assert told(validator, BROKEN) == told(validator, BROKEN.encode())


@pytest.mark.parametrize(
    ("raw", "rule", "line", "column"),
    [
        (b'{"resourceType": "Patient",\n  "id": }', "json-malformed", 2, 9),
        (b'{"resourceType": "Patient"', "json-malformed", 1, 27),
        (b"", "json-malformed", 1, 1),
        (b'{"resourceType": "Patient"}\n {}', "json-malformed", 2, 2),
        (b'{"resourceType": "Patient"}\x00', "json-malformed", 1, 28),
        (b'{"resourceType": "Patient", "id": "a\x00"}', "json-malformed", 1, 37),
        (b'{"resourceType": "Patient", "id": NaN}', "json-malformed", 1, 35),
        (b'{"resourceType": "NaN",\n "id": -Infinity}', "json-malformed", 2, 8),
        (b'\xff{"resourceType": "Patient"}', "json-malformed", 1, 1),
        (b'{"resourceType": "Patient",\n "id": "\xc3\xa4\xff"}', "json-malformed", 2, 10),
        (b'{"id": "\xed\xa0\x80"}', "json-malformed", 1, 9),
        ('{"id": "\ud800"}', "json-malformed", 1, 9),
        (rb'{"id": "\ud83d\ude00 \ud83d"}', "json-malformed", 1, 22),
        (rb'{"id": "\\ud83d \ude00"}', "json-malformed", 1, 17),
        (rb'{"id": "\ud83d\ud83d\ude00"}', "json-malformed", 1, 9),
        ('{"resourceType": "Patient"}'.encode("utf-16"), "json-malformed", 1, 1),
        ('{"resourceType": "Patient"}'.encode("utf-16-be"), "json-malformed", 1, 1),
        ('{"resourceType": "Patient"}'.encode("utf-32"), "json-malformed", 1, 1),
        (b"[" * 100_000, "json-depth", 1, 201),
        (b'{"a":\n' * 100_000, "json-depth", 201, 1),
        (b"[]", "json-not-object", 1, 1),
        (b' \n "Patient"', "json-not-object", 2, 2),
        (b'{"resourceType": "Patient", "multipleBirthInteger": 1e999999999}', "json-number", 1, 53),
        (b'{"a": "1e999", "b": [1, 1.00,' + b"9" * 5_000 + b"]}", "json-number", 1, 30),
        (b'{"a": 0.' + b"9" * 100 + b"}", "json-number", 1, 7),
    ],
)
def test_what_cannot_be_read_is_one_finding(
    validator: Validator, raw: bytes | str, rule: str, line: int, column: int
) -> None:
    assert [(issue.rule, issue.severity, issue.line, issue.column) for issue in validator.validate_text(raw)] == [
        (rule, "fatal", line, column)
    ]


def test_a_repeated_property_is_found_however_it_is_spelt(validator: Validator) -> None:
    text = r'{"resourceType": "Patient", "name": [{"family": "a\u003ab", "family": "x"}]}'
    assert told(validator, text) == [("json-duplicate", "Patient.name[0].family", 1, 61)]


def test_a_property_that_comes_often_is_told_once(validator: Validator) -> None:
    text = '{"resourceType": "Patient"' + ', "active": true' * 10_000 + "}"
    assert told(validator, text) == [("json-duplicate", "Patient.active", 1, 45)]


@pytest.mark.parametrize("raw", [BROKEN.encode("utf-8-sig"), "\ufeff" + BROKEN])
def test_a_byte_order_mark_is_passed_over(validator: Validator, raw: bytes | str) -> None:
    assert told(validator, raw) == [("json-byte-order-mark", "", 1, 1), *told(validator, BROKEN)]


@given(raw=st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | st.text(st.characters(), max_size=60))
def test_no_text_raises(validator: Validator, raw: bytes | str) -> None:
    for check in (validator.validate_text, validator.validate_xml, validator.validate_raw):
        found = check(raw)
        assert found
        assert all(issue.line and issue.column for issue in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(value=st.dictionaries(st.text(), JSON, max_size=4), indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_the_place_of_every_value_is_known(value: dict[str, Any], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    found = list(values(text))
    assert not any(one.is_duplicate for one in found)
    assert [one.path for one in found] == list(paths(value))
    for one in found:
        read, _ = json.JSONDecoder().raw_decode(text, one.offset)
        assert read == (one.path[-1] if isinstance(one.path[-1], str) else at(value, one.path))


@given(
    value=st.dictionaries(st.text(max_size=3), JSON, max_size=4),
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
    data=st.data(),
)
def test_few_places_are_found_as_a_full_scan_finds_them(
    value: dict[str, Any], indent: int | None, ascii_only: bool, data: st.DataObject
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    known = [(), *paths(value)]
    wanted = data.draw(st.lists(st.sampled_from(known), max_size=3))
    wanted += [(*path, "not there", 3) for path in data.draw(st.lists(st.sampled_from(known), max_size=2))]
    full = positions(text, wanted)
    assert positions(text, wanted, repeats=False) == full
    raw = fhir_json.encode(value)
    offsets = offsets_in_compact(raw, value, wanted)
    for path, offset in offsets.items():
        assert len(raw[:offset].decode()) + 1 == positions(raw.decode(), [path])[path].column
    assert {path for path in wanted if path in known[1:]} <= offsets.keys() <= set(known)


def test_numbers_that_the_standard_library_refuses_are_read_past() -> None:
    text = '{"a": 1' + "0" * 5000 + ', "b": {"c": 1}}'
    assert positions(text, [("b", "c")], repeats=False) == positions(text, [("b", "c")])


def paths(value: Any, above: tuple[str | int, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*above, name)
        yield from paths(inner, (*above, name))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


def test_a_property_that_comes_twice_is_named_as_any_element(validator: Validator) -> None:
    """An expression leads from the resource on, through choices by their type, into what a primitive has beside it."""
    text = (
        '{"resourceType": "Observation", "status": "final", "code": {"text": "a"}, "valueQuantity": {"value": 1, '
        '"value": 2}, "_issued": {"id": "a", "id": "b"}, "component": [{"valueString": "a", "valueString": "b"}]}'
    )
    found = [issue.expression for issue in validator.validate_text(text) if issue.rule == "json-duplicate"]
    assert found == [
        "Observation.value.ofType(Quantity).value",
        "Observation.issued.id",
        "Observation.component[0].value.ofType(string)",
    ]
    assert validator.validate_text('{"a": 1, "a": 2}')[0].expression == "Resource.a"


@pytest.mark.parametrize("indent", [None, 1])
def test_what_a_primitive_has_beside_its_value_is_placed(validator: Validator, indent: int | None) -> None:
    unknown = {"url": "https://a.test/x", "valueCode": "a"}
    names = [{"given": ["Ada", "May"], "_given": [None, {"extension": [unknown]}]}]
    beside = {"extension": [unknown, {"url": "https://a.test/y", "valueCode": "a"}]}
    whole = {"resourceType": "Patient", "name": names, "_birthDate": beside}
    text = json.dumps(whole, indent=indent, separators=(",", ":" if indent is None else ": "))
    lines = text.splitlines()
    found = validator.validate_text(text)
    assert {issue.expression for issue in found} == {
        "Patient.name[0].given[1].extension[0]",
        "Patient.birthDate.extension[0]",
        "Patient.birthDate.extension[1]",
    }
    for issue in found:
        assert issue.line is not None
        assert issue.column is not None
        assert lines[issue.line - 1][issue.column - 1] == "{"


def test_a_place_that_is_not_there_is_told_where_its_parent_is() -> None:
    assert positions('{"a":\n {"b": 1}}', {("a", "c", "d")})["a", "c", "d"] == (1, 2)
    assert positions('\n {"a": 1}', {("x",), ()}) == {("x",): (2, 2), (): (2, 2)}
