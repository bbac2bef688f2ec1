"""Resources made at random, as XML: they come back as they were, and what is broken is found in its place."""

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.fhir.xml import read, write
from fhir_iop.validation import Validator
from tests.fhir import xml_sameness as sameness
from tests.validation.generated.generator import Generator
from tests.validation.test_generated import TYPES

DEFINITIONS = Definitions.bundled()
ELEMENT = re.compile(r"^ *<[a-z]\w*(?= |>|/>)", re.MULTILINE)  # as written pretty: each begins a line


@cache
def _validator() -> Validator:
    return Validator(DEFINITIONS)


@cache
def _generator() -> Generator:
    return Generator(_validator())


def made(type_: str, seed: int) -> dict[str, Any]:
    """A valid resource, without what XML has no place for: extensions of an element's id."""
    resource = _generator().resource(type_, seed=seed)
    for one in objects(resource):
        if "resourceType" not in one:
            one.pop("_id", None)
    return resource


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def document(type_: str, seed: int) -> str:
    """A valid resource in XML, an element a line; without narratives, whose lines are no FHIR elements."""
    resource = made(type_, seed)
    for one in (resource, *resource.get("contained", [])):
        one.pop("text", None)
    return write(resource, DEFINITIONS, pretty=True).decode()


@settings(max_examples=60)
@given(type_=st.sampled_from(TYPES), seed=st.integers(0, 2**32))
def test_what_is_made_comes_back_and_is_accepted(type_: str, seed: int) -> None:
    resource = made(type_, seed)
    written = write(resource, DEFINITIONS)
    again = read(written, DEFINITIONS)
    assert again.faults == []
    assert sameness.json(again.resource) == sameness.json(resource)
    assert sameness.xml(write(again.resource, DEFINITIONS)) == sameness.xml(written)
    told = [
        [(issue.rule, issue.expression, issue.details) for issue in found]
        for found in (_validator().validate_text(json.encode(resource)), _validator().validate_xml(written))
    ]
    assert told[0] == told[1]
    assert not [issue for issue in _validator().validate_xml(written) if issue.is_error]


@settings(max_examples=60)
@given(
    type_=st.sampled_from(TYPES),
    seed=st.integers(0, 2**32),
    fault=st.sampled_from(["attribute", "text", "foreign"]),
)
def test_a_fault_of_xml_is_found_at_its_element(type_: str, seed: int, fault: str) -> None:
    text = document(type_, seed)
    places = [match for match in ELEMENT.finditer(text) if text[match.end() :].partition("\n")[0].endswith(">")]
    if len(places) < 2:
        return
    place = Random(seed).choice(places[1:])
    if fault == "attribute":
        broken, rule = text[: place.end()] + ' unheard="of"' + text[place.end() :], "xml-attribute"
    elif fault == "text":
        end = text.index("\n", place.end())
        line = text[place.end() : end]
        name = place[0].strip("< ")
        inside = f"{line[:-2]}>words</{name}>" if line.endswith("/>") else f"{line}words"
        broken, rule = text[: place.end()] + inside + text[end:], "xml-text"
    else:
        broken, rule = text[: place.end()] + ' xmlns="urn:x:other"' + text[place.end() :], "xml-namespace"
    found = [issue for issue in _validator().validate_xml(broken) if issue.rule == rule]
    line, column = text.count("\n", 0, place.start()) + 1, len(place[0]) - len(place[0].lstrip()) + 1
    assert [(issue.line, issue.column) for issue in found] == [(line, column)]
