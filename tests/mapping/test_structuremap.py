"""A mapping as StructureMap and ConceptMaps: valid by our validator and by HL7's, and nothing dropped silently."""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.fhirpath import compile as compiled
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.reports.structuremap import Export, export
from fhir_iop.validation import Validator

from .test_generated import KINDS

STEP = 1 if os.environ.get("TEST_ORACLE") == "all" else 4


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(Definitions.bundled())


def of(kind: str, mappings: Mappings) -> Export:
    return export(mappings.compiled(kind).plan)


@pytest.mark.parametrize("kind", KINDS)
def test_all_is_valid(kind: str, mappings: Mappings, validator: Validator) -> None:
    found = of(kind, mappings)
    for resource in (found.structure_map, *found.concept_maps):
        assert [issue for issue in validator.validate(resource) if issue.severity != "information"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_is_said_or_named(kind: str, mappings: Mappings) -> None:
    found = of(kind, mappings)
    documented = compiled("StructureMap.descendants().documentation", "StructureMap")(found.structure_map)
    said = [*documented, *found.unsaid]
    for leaf in mappings.compiled(kind).plan.leaves:
        if leaf.arrow != "<-":
            place = f"{leaf.place.file}:{leaf.place.line}"
            assert any(re.search(rf"\b{re.escape(place)}\b", text) for text in said), leaf.text
    for line in found.unsaid:
        assert line in found.structure_map["description"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_that_is_asked_is_there(kind: str, mappings: Mappings) -> None:
    found = of(kind, mappings)
    asked = {parameters[1]["valueString"] for parameters in _translations(found.structure_map)}
    assert asked == {concept_map["url"] for concept_map in found.concept_maps}


def _translations(value: Any) -> Iterator[list[dict[str, Any]]]:
    if isinstance(value, dict):
        if value.get("transform") == "translate":
            yield value["parameter"]
        for inner in value.values():
            yield from _translations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _translations(inner)


def test_variables_are_known_where_they_are_used(mappings: Mappings) -> None:
    for kind in KINDS:
        for group in of(kind, mappings).structure_map["group"]:
            _known(group["rule"], {one["name"] for one in group["input"]})


def _known(rules: list[dict[str, Any]], known: set[str]) -> None:
    for rule in rules:
        inside = set(known)
        for clause in (*rule["source"], *rule.get("target", ())):
            assert clause["context"] in inside, rule["name"]
            for name in re.findall(r"%(\w+)", clause.get("condition", "")):
                assert name in inside, clause["condition"]
            for parameter in clause.get("parameter", ()):
                assert parameter.get("valueId", clause["context"]) in inside, rule["name"]
            if "variable" in clause:
                inside.add(clause["variable"])
        for called in rule.get("dependent", ()):
            assert set(called["variable"]) <= inside
        _known(rule.get("rule", []), inside)


def test_codes_and_slices(mappings: Mappings) -> None:
    found = of("prescription", mappings)
    (status,) = (one for one in found.concept_maps if one["id"] == "prescription-status")
    words = {element["code"]: element["target"][0]["code"] for element in status["group"][0]["element"]}
    assert words["withdrawn"] == "entered-in-error"
    assert status["targetCanonical"].startswith("http://hl7.org/fhir/ValueSet/medicationrequest-status")
    assert any("sentence(dose-units)" in line for line in found.unsaid)
    assert any("keyed hash" in line for line in found.unsaid)


@pytest.fixture(scope="module")
def oracle(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip("needs Java 17 to ask HL7's validator")
    spec = importlib.util.spec_from_file_location("oracle", shared / "oracle" / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    package = shared / "packages" / "hl7.fhir.us.core-6.1.0.tgz"
    # it makes each snapshot when it reads the profile: those that build on ours come after ours
    folders = [tmp_path_factory.mktemp("base"), tmp_path_factory.mktemp("derived")]
    for file in data.folder("profiles").joinpath("iop").glob("StructureDefinition-*.json"):
        base = json.decode_object(file.read_bytes())["baseDefinition"]
        shutil.copy(file, folders["/fhir/iop/" in base])
    with module.Oracle(packages=[package], definitions=folders) as running:
        yield running
    running._process.stdout.close()


@pytest.mark.shared
@pytest.mark.oracle
@pytest.mark.parametrize("kind", KINDS[::STEP])
def test_hl7s_validator_finds_no_error(kind: str, mappings: Mappings, oracle: Any) -> None:
    found = of(kind, mappings)
    for resource in (found.structure_map, *found.concept_maps):
        errors = [one for one in oracle.validate(resource) if one["severity"] in {"error", "fatal"}]
        # It looks for codes of v3-RouteOfAdministration among those at the top of the system alone.
        errors = [one for one in errors if "v3-RouteOfAdministration" not in one["text"]]
        assert errors == [], resource["url"]
