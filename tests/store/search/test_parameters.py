"""Which parameters can be searched by, and that every value they find can be found."""

import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import fhirpath
from fhir_iop.fhir import json
from fhir_iop.store import Store
from fhir_iop.store.search.index import index_rows
from fhir_iop.store.search.parameters import KINDS, OWN_COLUMNS, parameters
from fhir_iop.store.search.site import Site
from tests.store.examples import put
from tests.store.search.conftest import Found

SITE = Site(lambda: datetime(2026, 3, 1, tzinfo=UTC))

NOT_SEARCHED = {
    "_content": "free text over a whole resource",
    "_text": "free text over the narrative",
    "_filter": "a language of its own",
    "_query": "names another operation",
    "near": "distance",
    "age": "R4 gives no expression",
    "birthOrderBoolean": "R4 gives no expression",
    "part-agree": "R4's expression is not FHIRPath",
}


def test_every_parameter_is_searched_by_or_known_not_to_be(definitions: Any) -> None:
    for type_ in sorted(definitions.resource_types):
        known = parameters(definitions, type_)
        everything = definitions.search_parameters(type_)
        assert set(known.supported) | known.unsupported | OWN_COLUMNS == set(everything)
        composite = {code for code, definition in everything.items() if definition.type == "composite"}
        assert known.unsupported - composite <= set(NOT_SEARCHED)


def test_what_the_issue_asks_for_is_there(definitions: Any) -> None:
    asked = {"patient", "subject", "identifier", "status", "intent", "code", "category", "authoredon", "_profile"}
    assert asked <= set(parameters(definitions, "MedicationRequest").supported)
    assert {"date", "value-quantity", "combo-code", "_security"} <= set(
        parameters(definitions, "Observation").supported
    )
    assert {"target", "agent", "patient"} <= set(parameters(definitions, "Provenance").supported)


def test_an_expression_that_ends_in_a_json_name_is_read_as_meant(store: Store, found: Found) -> None:
    url = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
    put(store, {"resourceType": "Condition", "id": "c", "extension": [{"url": url, "valueDateTime": "2026-02-03"}]})
    assert found("Condition?asserted-date=2026-02") == ["c"]


def test_a_fingerprint_is_that_of_the_parameters(definitions: Any) -> None:
    ours = parameters(definitions, "Task").fingerprint
    assert ours == parameters(definitions, "Task").fingerprint
    assert ours != parameters(definitions, "Consent").fingerprint


@pytest.mark.shared
def test_every_value_in_the_official_examples_has_a_row(definitions: Any, shared: Path) -> None:
    """A value without a row would be ``:missing`` and never found; those that can't be compared are named here."""
    cannot = {
        ("date", "string"),  # an onset told in words
        ("date", "Timing"),  # one that says how often and not when
        ("reference", "Attachment"),  # Consent.source may hold the document itself
        ("reference", "canonical"),  # a null in an array, with an extension beside it
        ("token", "Extension"),  # R4's expressions for genes stop at the extension
    }
    names = {kind: name for name, kind in KINDS.items()}
    without: Counter[tuple[str, str]] = Counter()
    indexed = 0
    with tarfile.open(shared / "conformance" / "r4-examples" / "examples.tgz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            resource = json.decode_object(file.read()) if file and member.name.endswith(".json") else {}
            if "resourceType" not in resource:
                continue
            indexed += sum(map(len, index_rows(resource, definitions, SITE).values()))
            context = fhirpath.Context(resource=resource, resolve=lambda _: {"resourceType": "Patient"})
            for parameter in parameters(definitions, resource["resourceType"]).supported.values():
                for value in parameter.expression.typed(resource, context):
                    if not any(parameter.kind.rows(parameter.name, value, SITE)):
                        without[names[parameter.kind], value.type] += 1
    assert indexed > 3000
    assert {each for each in without if not each[1][0].isupper() or each[0] != "reference"} <= cannot
