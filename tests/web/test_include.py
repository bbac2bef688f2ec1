"""_include brings what the matches refer to, once, beside them."""

from typing import Any

from tests.served import Server


def modes(bundle: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["search"]["mode"], entry["resource"]["resourceType"]) for entry in bundle["entry"]]


def test_references_are_included_once(demo: Server) -> None:
    bundle = demo.get("/MedicationRequest?status=active&intent=order&_include=MedicationRequest:subject").json()
    patients = [entry["resource"]["id"] for entry in bundle["entry"] if entry["search"]["mode"] == "include"]
    assert bundle["total"] == sum(mode == "match" for mode, _ in modes(bundle))
    assert len(patients) == len(set(patients)) > 1


def test_a_target_type_narrows(demo: Server) -> None:
    found = modes(demo.get("/MedicationRequest?_include=MedicationRequest:requester:PractitionerRole").json())
    assert {mode for mode, _ in found} == {"match"}


def test_what_cannot_be_included_is_refused(demo: Server) -> None:
    for value in ("Patient:link", "MedicationRequest:status", "MedicationRequest:nonsense", "nonsense", ""):
        answer = demo.get(f"/MedicationRequest?_include={value}")
        assert (answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]) == (
            400,
            "search-include",
        )
