"""Our conversion beside HL7's own, in both directions; where they differ, `xml_differences.toml` says who is right.

White space beside comments in a narrative isn't compared: HL7's writer adds some there, and so changes what a browser
shows of 217 resources of US Core's packages (ours leaves it).

The usual run asks about some of the examples; `TEST_ORACLE=all` asks about each.
"""

import importlib.util
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.fhir.xml import read, write
from fhir_iop.validation import Validator
from tests.fhir import xml_sameness as sameness
from tests.fhir.xml_examples import Example, examples
from tests.validation.generated.generator import Generator
from tests.validation.test_generated import TYPES as MADE

pytestmark = [
    pytest.mark.shared,
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17 to ask HL7's converter"),
]

TYPES = Definitions.bundled()
COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
STEP = 1 if os.environ.get("TEST_ORACLE") == "all" else 16
LISTED = {
    (each["example"], each["direction"]): each["place"]
    for each in tomllib.loads((Path(__file__).parent / "xml_differences.toml").read_text("utf-8"))["difference"]
}


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Iterator[Any]:
    spec = importlib.util.spec_from_file_location("oracle", shared / "oracle" / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.Oracle() as running:
        yield lambda text, form: convert(running, module.OracleFault, text, form)
    running._process.stdout.close()


def convert(running: Any, fault: type[Exception], text: str, form: str) -> str | None:
    """What HL7's code makes of a resource in the form `json` or `xml`; None where it gives up."""
    try:
        return str(running.convert(text, form))
    except fault:
        return None


def ours(example: Example) -> str | None:
    """Our conversion of an example to the other form; None where it has none."""
    try:
        if example.form == "json":
            return write(json.decode_object(example.raw), TYPES).decode()
        return json.encode(read(example.raw, TYPES).resource).decode()
    except BadInput:
        return None


def first_difference(theirs: str | None, form: str, expected: str) -> str | None:
    """Where what they wrote first differs from what is expected, both in one form; that they gave up is a place."""
    if theirs is None:
        return "refused"
    if form == "xml":
        said = [sameness.xml(COMMENT.sub(" ", text)) for text in (expected, theirs)]
    else:
        said = [sameness.json(uncommented(json.decode_object(text))) for text in (expected, theirs)]
    return next(iter(sameness.differences(*said)), None)


def uncommented(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: uncommented(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [uncommented(inner) for inner in value]
    return COMMENT.sub(" ", value) if isinstance(value, str) and value.startswith("<div") else value


def test_differences_from_hl7s_conversion_are_listed(oracle: Any, shared: Path) -> None:
    seen = 0
    found: dict[tuple[str, str], str | None] = {}
    for form, other in (("json", "xml"), ("xml", "json")):
        for example in list(examples(shared, form))[::STEP]:
            text = ours(example)
            if text is None:  # test_xml_round_trip.py lists these
                continue
            original = example.raw.decode("utf-8-sig")
            found[example.name, f"to {other}"] = first_difference(oracle(original, form), other, text)
            found[example.name, f"from our {other}"] = first_difference(oracle(text, other), form, original)
            seen += 1
    assert seen > 1050 / STEP
    told = {key: place for key, place in found.items() if place}
    assert told == {key: place for key, place in LISTED.items() if key in found}


def test_resources_made_at_random_convert_alike(oracle: Any) -> None:
    generator = Generator(Validator(TYPES))
    differing = []
    for seed in range(1_000 if STEP == 1 else 40):
        resource = generator.resource(Random(seed).choice(MADE), seed=seed)
        without_ids(resource)
        text, document = json.encode(resource).decode(), write(resource, TYPES).decode()
        places = (
            first_difference(oracle(text, "json"), "xml", document),
            first_difference(oracle(document, "xml"), "json", text),
        )
        if any(places):
            differing.append((seed, resource["resourceType"], places))
    assert differing == []


def without_ids(value: Any) -> None:
    """Take out the ids of primitives, which HL7's writer makes elements of (listed), and extensions of ids."""
    if isinstance(value, dict):
        if "resourceType" not in value:
            value.pop("_id", None)
        for name, inner in value.items():
            for extra in (inner if isinstance(inner, list) else [inner]) if name.startswith("_") else ():
                if isinstance(extra, dict):
                    extra.pop("id", None)
        for inner in value.values():
            without_ids(inner)
    elif isinstance(value, list):
        for inner in value:
            without_ids(inner)
