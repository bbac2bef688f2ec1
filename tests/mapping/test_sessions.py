"""A group session: each patient's part by itself; nothing in it leads to another patient."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings

GOLDEN = Path(__file__).parent / "golden" / "session.json"
GROUP = "https://example.org/fhir/iop/sid/group-session"


def parts(mappings: Mappings) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the resources of two patients' parts in one session."""
    ana = json.decode_object(GOLDEN.read_bytes())["record"]
    ben = {**ana, "id": "se-9", "patient": "pt-9", "diagnoses": ["dx-9"], "plan": "tp-9", "notes": ["Was quiet."]}
    return mappings.to_fhir(ana).resources, mappings.to_fhir(ben).resources


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_parts_share_the_number_and_the_clinicians_only(mappings: Mappings) -> None:
    mine, theirs = parts(mappings)
    common = set(references(mine)) & set(references(theirs))
    assert {reference.partition("/")[0] for reference in common} == {"Practitioner"}
    numbers = {
        one["valueIdentifier"]["value"]
        for resource in (*mine, *theirs)
        for one in resource.get("extension", ())
        if one.get("valueIdentifier", {}).get("system") == GROUP
    }
    assert numbers == {"g7f3-2210-55ab"}


def test_each_part_is_of_one_patient(mappings: Mappings) -> None:
    for resources in parts(mappings):
        patients = {one for one in references(resources) if one.startswith("Patient/")}
        assert len(patients) == 1


def test_there_is_no_place_for_the_others(mappings: Mappings) -> None:
    ana = json.decode_object(GOLDEN.read_bytes())["record"]
    mapped = mappings.to_fhir({**ana, "members": ["pt-1", "pt-9"]})
    assert [issue.rule for issue in mapped.issues] == ["record-unknown"]
    assert mapped.resources == []
