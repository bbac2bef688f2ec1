"""Rules that only write (`->`), only read (`<-`), or write under a condition, in every kind of place."""

from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.reports.explaining import explain
from fhir_iop.mapping.reports.structuremap import export

from .conftest import load

GOLDEN = Path(__file__).parent / "golden"


def site(tmp_path: Path, text: str) -> Mappings:
    (tmp_path / "site.yaml").write_text(text, "utf-8")
    return load(data.folder("mappings"), tmp_path)


def golden(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    found = json.decode_object((GOLDEN / f"{name}.json").read_bytes())
    return found["record"], found["resources"]


ADMISSION = """
extends: admission.yaml
fields:
  transfer: {type: boolean}
systems: {site: https://site.example/type}
slices:
  type:transfer: {coding: [site#transfer]}
to:
  - rules:
      - RULE
"""
SLICE = {"coding": [{"system": "https://site.example/type", "code": "transfer"}]}


@pytest.mark.parametrize(("arrow", "writes", "reads"), [("<->", True, True), ("->", True, False), ("<-", False, True)])
def test_a_slice_that_is_there(arrow: str, writes: bool, reads: bool, tmp_path: Path) -> None:
    ours = site(tmp_path, ADMISSION.replace("RULE", f"transfer {arrow} type:transfer | present"))
    record, (episode,) = golden("admission")
    (made,) = ours.to_fhir(record | {"transfer": True}).resources
    assert (SLICE in made["type"]) == writes
    assert SLICE not in ours.to_fhir(record).resources[0]["type"]
    (back,) = ours.to_records([{**episode, "type": [*episode["type"], SLICE]}]).records
    assert back == record | ({"transfer": True} if reads else {})


@pytest.mark.parametrize("status", ["active", "planned"])
def test_a_slice_under_a_condition(status: str, tmp_path: Path) -> None:
    rule = '{when: status == active, rules: ["transfer -> type:transfer | present"]}'
    ours = site(tmp_path, ADMISSION.replace("RULE", rule))
    record = golden("admission")[0] | {"transfer": True, "status": status}
    (made,) = ours.to_fhir(record).resources
    assert (SLICE in made["type"]) == (status == "active")


REWARD = """
extends: reward.yaml
fields:
  listed: {type: array, items: {type: string}, minItems: 1}
to:
  - rules:
      - RULE
"""
URIS = ["https://site.example/1", "https://site.example/2"]
PLACES = [
    ("listed[] ARROW instantiatesUri[]", {"instantiatesUri": URIS}),
    ("listed[] ARROW followUp[].text", {"followUp": [{"text": uri} for uri in URIS]}),
]


@pytest.mark.parametrize(("rule", "written"), PLACES)
@pytest.mark.parametrize(("arrow", "writes", "reads"), [("<->", True, True), ("->", True, False), ("<-", False, True)])
def test_a_list(rule: str, written: dict[str, Any], arrow: str, writes: bool, reads: bool, tmp_path: Path) -> None:
    ours = site(tmp_path, REWARD.replace("RULE", rule.replace("ARROW", arrow)))
    record, resources = golden("reward")
    made = ours.to_fhir(record | {"listed": URIS}).resources
    assert made == [resources[0] | (written if writes else {}), *resources[1:]]
    (back,) = ours.to_records([resources[0] | written, *resources[1:]]).records
    assert back == record | ({"listed": URIS} if reads else {})


@pytest.mark.parametrize(("rule", "written"), PLACES)
@pytest.mark.parametrize("holds", [True, False])
def test_a_list_under_a_condition(rule: str, written: dict[str, Any], holds: bool, tmp_path: Path) -> None:
    when = "status == given" if holds else "status == withdrawn"
    inner = rule.replace("ARROW", "->")
    ours = site(tmp_path, REWARD.replace("RULE", f'{{when: {when}, rules: ["{inner}"]}}'))
    record, resources = golden("reward")
    made = ours.to_fhir(record | {"listed": URIS}).resources
    assert made == [resources[0] | (written if holds else {}), *resources[1:]]
    plan = ours.compiled("reward").plan
    (told,) = explain(plan, record | {"listed": URIS}, made)
    assert sum(origin.pointer.startswith("/listed") for origin in told.origins) == (len(URIS) if holds else 0)
    word = "given" if holds else "withdrawn"
    assert f"(%record.status = '{word}')" in json.encode(export(plan).structure_map).decode()


LOOSE = """
extends: reward.yaml
fields:
  listed: {type: array, minItems: 1, items: {type: object, required: [a], properties: {a: {type: string}}}}
to:
  - rules:
      - each: listed <-> followUp
        rules: [a ARROW text]
"""


@pytest.mark.parametrize(("arrow", "writes", "reads"), [("<->", True, True), ("->", True, False), ("<-", False, True)])
def test_items_of_a_list(arrow: str, writes: bool, reads: bool, tmp_path: Path) -> None:
    ours = site(tmp_path, LOOSE.replace("ARROW", arrow))
    record, resources = golden("reward")
    listed, written = {"listed": [{"a": uri} for uri in URIS]}, {"followUp": [{"text": uri} for uri in URIS]}
    made = ours.to_fhir(record | listed).resources
    assert made == [resources[0] | (written if writes else {}), *resources[1:]]
    (back,) = ours.to_records([resources[0] | written, *resources[1:]]).records
    assert back == record | (listed if reads else {})


DEEP = """
extends: reward.yaml
fields:
  batch: {type: string}
slices:
  usedReference:batch: {identifier: {system: https://site.example/batch, use: usual}}
to:
  - rules: ["batch <-> usedReference:batch.identifier.value"]
"""


def test_a_slice_has_what_tells_it_inside_of_what_rules_write(tmp_path: Path) -> None:
    ours = site(tmp_path, DEEP)
    record, resources = golden("reward")
    made = ours.to_fhir(record | {"batch": "7"}).resources
    told = {"use": "usual", "system": "https://site.example/batch", "value": "7"}
    assert made == [resources[0] | {"usedReference": [{"identifier": told}]}, *resources[1:]]
    assert ours.to_records(made).records == [record | {"batch": "7"}]
    assert ours.to_fhir(record).resources == resources
