"""XML → JSON → XML and JSON → XML → JSON say the same, for every example at hand and for resources made by chance.

The usual run takes some of the shared examples; `TEST_EXAMPLES=all` takes each.
"""

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.corpus import resources
from fhir_iop.definitions import Definitions
from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.fhir.xml import read, write
from tests.fhir import xml_sameness as sameness
from tests.fhir.xml_examples import Example, examples
from tests.fhirpath.made import made

TYPES = Definitions.bundled()
STEP = 1 if os.environ.get("TEST_EXAMPLES") == "all" else 7

# What no writer can say in XML: each has something that FHIR doesn't know, or an object where a list belongs.
NO_XML_FORM = {
    "conformance/fhirpath/input/parameters-example-types.json": "Parameters.parameter.valueUuid",
    "conformance/validator/validator/ai3.json": "Patient.unknownElement",
    "conformance/validator/validator/json-comments.json": "Patient.fhir_comments",
    "conformance/validator/validator/synthea.json": "Encounter.reasonCode",
    "conformance/validator/validator/toplevel-maxvalueduration-profile.json": (
        "StructureDefinition.differential.element.maxValueDuration"
    ),
    "conformance/validator/validator/toplevel-minvalueduration-profile.json": (
        "StructureDefinition.differential.element.minValueDuration"
    ),
}
# What XML can't be read as, or is read with a fault: what is wrong in these isn't kept.
FAULTY = {
    "conformance/fhirpath/input/observation-example.xml": "xml-order",
    "conformance/fhirpath/input/parameters-example-types.xml": "xml-attribute",
    "conformance/validator/validator/Observation-ex-pain.xml": "xml-unwritable",
    "conformance/validator/validator/bundle-dual-subject.xml": "xml-repeated",
    "conformance/validator/validator/inv-check-profile-name1.xml": "xml-attribute",
    "conformance/validator/validator/inv-check-profile-name2.xml": "xml-attribute",
    "conformance/validator/validator/inv-check-profile-patient.xml": "xml-attribute",
    "conformance/validator/validator/japanese-utf8-ok.xml": "xml-malformed",
    "conformance/validator/validator/pat-security-bad-string2.xml": "xml-unwritable",
    "conformance/validator/validator/patient-min-length-profile.xml": "xml-order",
    "conformance/validator/validator/uuid-ext.xml": "xml-order",
    "conformance/validator/validator/xml-bad-entities.xml": "xml-malformed",
    "conformance/validator/validator/xml-fail.xml": "xml-unwritable",
}


def refusal(raw: bytes) -> str | None:
    """The rule by which an XML document can't be read or what was read can't be written, None where both go."""
    try:
        document = read(raw, TYPES)
        write(document.resource, TYPES)
    except BadInput as refused:
        return refused.issues[0].rule
    return document.faults[0].issue.rule if document.faults else None


def unwritable(resource: dict[str, Any]) -> str | None:
    try:
        write(resource, TYPES)
    except BadInput as refused:
        return refused.issues[0].expression
    return None


def in_json(example: Example) -> dict[str, Any] | None:
    try:
        return json.decode_object(example.raw)
    except BadInput:  # cases of the validator that are no JSON
        return None


@pytest.mark.shared
def test_json_examples_come_back_exactly(shared: Path) -> None:
    seen = 0
    for example in list(examples(shared, "json"))[::STEP]:
        resource = in_json(example)
        if resource is None or "resourceType" not in resource:
            continue
        assert unwritable(resource) == NO_XML_FORM.get(example.name), example.name
        if example.name not in NO_XML_FORM:
            again = read(write(resource, TYPES), TYPES)
            assert again.faults == [], example.name
            assert sameness.json(again.resource) == sameness.json(resource), example.name
            seen += 1
    assert seen > 1000 / STEP


@pytest.mark.shared
def test_xml_examples_come_back_exactly(shared: Path) -> None:
    seen = 0
    for example in list(examples(shared, "xml"))[::STEP]:
        assert refusal(example.raw) == FAULTY.get(example.name), example.name
        if example.name not in FAULTY:
            written = write(read(example.raw, TYPES).resource, TYPES)
            assert sameness.differences(sameness.xml(written), sameness.xml(example.raw)) == [], example.name
            seen += 1
    assert seen > 120 / STEP


@pytest.mark.parametrize("us_core", [False, True])
def test_the_corpus_comes_back_exactly(us_core: bool) -> None:
    for resource in resources(120, us_core=us_core):
        for pretty in (False, True):
            again = read(write(resource, TYPES, pretty=pretty), TYPES)
            assert again.faults == []
            assert sameness.json(again.resource) == sameness.json(resource)


@given(seed=st.integers(min_value=0), type_name=st.sampled_from(sorted(TYPES.resource_types)))
def test_resources_made_by_chance_come_back_exactly(seed: int, type_name: str) -> None:
    resource = with_narratives(made(TYPES, Random(seed), type_name))
    again = read(write(resource, TYPES), TYPES)
    assert again.faults == []
    assert again.resource == resource
    assert sameness.json(again.resource) == sameness.json(resource)


def with_narratives(value: Any) -> Any:
    """Give each narrative markup: what is made by chance is any string."""
    if isinstance(value, dict):
        value.pop("_div", None)
        for name, inner in value.items():
            value[name] = '<div xmlns="http://www.w3.org/1999/xhtml">ä&lt;</div>' if name == "div" else inner
            with_narratives(inner)
    elif isinstance(value, list):
        for inner in value:
            with_narratives(inner)
    return value
