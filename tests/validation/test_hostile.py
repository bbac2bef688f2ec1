"""Texts made to keep a validator busy: one refusal or a bounded number of findings, in a bounded amount of memory."""

import gc
import tracemalloc
from collections.abc import Callable
from itertools import islice, permutations
from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator
from fhir_iop.validation.item import MOST_FINDINGS
from tests.validation.looking import close_look
from tests.validation.made import bundle, observation

MANY = 12_000
MEGABYTE = 1024 * 1024
HEAD, TAIL = '<Patient xmlns="http://hl7.org/fhir">', "</Patient>"
CORE = "http://hl7.org/fhir/StructureDefinition/"
EXPRESSION = f"{CORE}cqf-expression"
XHTML = "http://www.w3.org/1999/xhtml"


def patient(inner: str) -> str:
    return '{"resourceType": "Patient", ' + inner + "}"


def divided(start: str, content: str) -> str:
    return f'{HEAD}<text><status value="generated"/><div xmlns="{XHTML}"{start}>{content}</div></text>{TAIL}'


def repeated(item: str, times: int = MANY) -> str:
    return ", ".join([item] * times)


JSON: dict[str, tuple[Callable[[], str], list[str]]] = {
    "unknown properties": (lambda: patient(", ".join(f'"a{n}": 1' for n in range(MANY))), ["unknown-element"]),
    "broken objects": (lambda: patient(f'"name": [{repeated("{}")}]'), ["empty"]),
    "wrong types": (lambda: patient(f'"name": [{repeated("1")}]'), ["json-type"]),
    "nulls": (lambda: patient(f'"name": [{{"given": [{repeated("null")}]}}]'), ["json-null"]),
    "one fault among many": (lambda: patient(f'"name": [{repeated("""{"text": "a"}""")}, {{}}]'), ["empty"]),
    "a property again and again": (lambda: patient(repeated('"active": true')), ["json-duplicate"]),
    "many properties twice": (
        lambda: patient(", ".join(f'"a{n}": 1, "a{n}": 1' for n in range(MANY))), ["json-duplicate", "unknown-element"]
    ),
    "many entries with a fault each": (
        lambda: '{"resourceType": "Bundle", "type": "collection", "entry": [' + ", ".join(
            f'{{"fullUrl": "urn:oid:1.{n}", "resource": {{"resourceType": "Patient", "gender": "x"}}}}'
            for n in range(MANY)
        ) + "]}",
        ["binding-required"],
    ),
    "a megabyte in one string": (
        lambda: patient('"name": [{"text": "' + "a" * (MEGABYTE + 1) + '"}]'), ["primitive-format"]
    ),
    "a megabyte in one name": (lambda: patient('"' + "a" * MEGABYTE + '": 1'), ["unknown-element"]),
    "a megabyte of escapes": (lambda: patient('"id": "' + "\\u0041" * (MEGABYTE // 6) + '"'), ["primitive-format"]),
    "extensions in extensions": (
        lambda: patient('"extension": [{"url": "urn:x", ' * 400 + '"valueCode": "a"' + "}]" * 400), ["resource-depth"]
    ),
    "brackets that open": (lambda: patient('"name": ' + "[" * MEGABYTE), ["json-depth"]),
    "a number that goes on": (lambda: patient('"multipleBirthInteger": ' + "9" * MEGABYTE), ["json-number"]),
}  # fmt: skip

XML: dict[str, tuple[Callable[[], str], list[str]]] = {
    "siblings": (lambda: HEAD + '<name><text value="a"/></name>' * MANY + TAIL, []),
    "unknown elements": (
        lambda: HEAD + "".join(f"<a{n}/>" for n in range(MANY)) + TAIL, ["unknown-element"]
    ),
    "foreign elements": (
        lambda: HEAD + "".join(f'<a{n} xmlns="urn:x"/>' for n in range(MANY)) + TAIL, ["xml-namespace"]
    ),
    "an element again and again": (lambda: HEAD + '<active value="true"/>' * MANY + TAIL, ["xml-repeated"]),
    "elements out of order": (
        lambda: HEAD + '<name><text value="a"/></name><active value="true"/>' + '<identifier id="a"/>' * MANY + TAIL,
        ["xml-order", "empty"],
    ),
    "text in each": (lambda: HEAD + '<name>a<text value="a"/></name>' * MANY + TAIL, ["xml-text"]),
    "attributes": (
        lambda: HEAD[:-1] + "".join(f' a{n}=""' for n in range(MANY)) + "/>", ["xml-attribute"]
    ),
    "namespaces, and narratives in them": (
        lambda: HEAD[:-1] + "".join(f' xmlns:a{n}="urn:x:{n}"' for n in range(MANY)) + ">" + "".join(
            f'<contained><Basic><id value="{n}"/><text><status value="empty"/><div xmlns="{XHTML}">a:</div></text>'
            '<code><text value="a"/></code></Basic></contained>' for n in range(1_000)
        ) + TAIL,
        ["contained-orphan"],
    ),
    "comments and instructions": (lambda: HEAD + "<!-- a --><?b c?>" * MANY + TAIL, []),
    "a megabyte in one attribute": (
        lambda: f'{HEAD}<name><text value="{"a" * (MEGABYTE + 1)}"/></name>{TAIL}', ["primitive-format"]
    ),
    "a megabyte of character references": (
        lambda: f'{HEAD}<name><text value="{"&#65;" * (MEGABYTE // 5)}"/></name>{TAIL}', []
    ),
    "a megabyte of narrative": (lambda: divided("", "<p>a</p>" * (MEGABYTE // 8)), []),
    "a narrative's attributes": (
        lambda: divided("".join(f' a{n}=""' for n in range(MANY)), "a"), ["narrative-attribute"]
    ),
    "tags that open": (lambda: HEAD + "<name>" * MEGABYTE, ["xml-depth"]),
    "a narrative's tags that open": (lambda: divided("", "<b>" * MEGABYTE), ["xml-depth"]),
    "tags that never close": (lambda: HEAD + "<name " * MEGABYTE, ["xml-malformed"]),
    "entities of entities": (
        lambda: "<!DOCTYPE a [" +"".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 9}">' for n in range(99)) + "]><a/>",
        ["xml-doctype"],
    ),
}  # fmt: skip


def rules(validator: Validator, text: str) -> list[str]:
    """The rules that find something; each finding has its place, and there are not too many of them."""
    found = validator.validate_raw(text)
    assert all(issue.line and issue.column for issue in found)
    assert len(found) <= 2 * (MOST_FINDINGS + 1)
    told = list(dict.fromkeys(issue.rule for issue in found))
    return [rule for rule in told if rule not in {"findings-many", "xml-many", "dom-6"}]


@pytest.mark.parametrize("case", JSON)
def test_json(validator: Validator, case: str) -> None:
    make, expected = JSON[case]
    assert rules(validator, make()) == expected


@pytest.mark.parametrize("case", XML)
def test_xml(validator: Validator, case: str) -> None:
    make, expected = XML[case]
    assert rules(validator, make()) == expected


def test_that_more_would_be_found_is_said(validator: Validator) -> None:
    found = validator.validate_text(JSON["unknown properties"][0]())
    assert [issue.rule for issue in found[-2:]] == ["unknown-element", "findings-many"]
    found = validator.validate_xml(XML["text in each"][0]())
    assert [issue.rule for issue in found[-2:]] == ["xml-text", "xml-many"]


def peak(work: Callable[[], object]) -> int:
    """Return how many bytes Python holds at most while it works."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("case", ["broken objects", "a megabyte in one name", "a megabyte in one string"])
def test_looking_takes_memory_in_proportion(validator: Validator, case: str) -> None:
    raw = JSON[case][0]().encode()
    validator.validate_text(raw)
    most = peak(lambda: validator.validate_text(raw))
    # An issue for each of the findings weighs more than the text that it is about.
    assert most < 8 * len(raw) + 1_500 * MOST_FINDINGS


@pytest.mark.parametrize("case", ["siblings", "attributes", "comments and instructions", "a megabyte of narrative"])
def test_reading_takes_memory_in_proportion(validator: Validator, case: str) -> None:
    raw = XML[case][0]().encode()
    validator.validate_xml(raw)  # what is made once for each type isn't this document's
    assert peak(lambda: validator.validate_xml(raw)) < 64 * len(raw) + MEGABYTE


def test_claims_in_any_combination_take_no_memory_without_bound(
    definitions: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_iop.validation.validator._MOST_MADE", 500)
    vital_signs = [f"{CORE}{name}" for name in ("bodytemp", "bodyheight", "bodyweight", "heartrate", "bmi", "bp")]
    sparing = Validator(definitions)
    closely = close_look(definitions)
    for claims in permutations(vital_signs, 2):
        resource = observation(meta={"profile": list(claims)}, valueQuantity={"value": 1, "code": "mg"})
        told = sparing.validate(resource)
        assert told == closely(resource)
        assert len(told) > 1
    assert sparing._quick.expectations.made < 600


def claiming(count: int) -> list[dict[str, Any]]:
    """Return resources, each with another combination of three profiles, an unknown one and one twice among them."""
    vital_signs = [f"{CORE}{name}" for name in ("bodytemp", "bodyheight", "bodyweight", "heartrate", "bmi", "bp")]
    chosen = islice(permutations(vital_signs, 3), count)
    return [
        observation(id=f"invented-{number}", meta={"profile": [*claims, f"{CORE}none-{number}", claims[0]]})
        for number, claims in enumerate(chosen)
    ]


@pytest.mark.parametrize("held", ["entry", "outcome", "contained", "parameter", "part"])
def test_what_is_inside_claims_profiles_in_so_many_combinations(
    held: str, definitions: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_iop.validation.claiming.MOST_CLAIMED", 60)

    def holding(resources: list[dict[str, Any]]) -> dict[str, Any]:
        if held == "contained":
            return observation(contained=resources)
        if held in {"parameter", "part"}:
            parameters = [{"name": "invented", "resource": one} for one in resources]
            inner = parameters if held == "parameter" else [{"name": "invented", "part": parameters}]
            return {"resourceType": "Parameters", "parameter": inner}
        if held == "outcome":
            return bundle("batch-response", *({"response": {"status": "200", "outcome": one}} for one in resources))
        return bundle("collection", *({"resource": one} for one in resources))

    validator = Validator(definitions)
    many, most = claiming(21), claiming(20)
    assert [issue.rule for issue in validator.validate(holding(many))] == ["profiles-many"]
    made = validator._quick.expectations.made
    assert made < 100, "nothing is merged of what isn't checked"
    told = {issue.rule for issue in validator.validate(holding(most * 2))}
    assert "profiles-many" not in told
    assert "profile-unknown" in told
    assert validator._quick.expectations.made > made
    assert [issue.rule for issue in validator.validate(holding(many))] == ["profiles-many"], "whatever is remembered"


def test_long_codes_and_urls_are_not_remembered(definitions: Definitions) -> None:
    validator, closely = Validator(definitions), close_look(definitions)

    def made(number: int, length: int) -> dict[str, Any]:
        long = f"{number}{'x' * length}"
        coding = {"system": f"https://example.org/{long}", "code": long, "display": long}
        return observation(
            code={"coding": [coding], "text": "Long"},
            category=[{"coding": [coding]}],
            extension=[
                {"url": f"https://example.org/{long}", "valueUri": f"urn:{long}"},
                {"url": EXPRESSION, "valueExpression": {"language": "text/fhirpath", "expression": f"'{long}'"}},
                {"url": EXPRESSION, "valueExpression": {"language": "text/fhirpath", "expression": f"'{long}"}},
            ],
            interpretation=[{"id": "i", "coding": [{"id": "c", "system": "http://snomed.info/sct", "code": long}]}],
            meta={"profile": [f"https://example.org/{long}"]},
            valueQuantity={"value": 1, "unit": long, "system": f"https://example.org/{long}", "code": long},
            effectiveTiming={"code": {"coding": [coding], "text": long}, "repeat": {"count": 1}},
        )

    for length in (10, 50_000):  # both ways find the same, whether what is found is remembered or not
        assert validator.validate(made(0, length)) == closely(made(0, length)) != []
    tracemalloc.start()
    try:
        for number in range(40):
            validator.validate(made(number, 50_000))
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < MEGABYTE
