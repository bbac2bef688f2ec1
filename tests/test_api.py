"""The public names: lazily loaded, and doing the main job with dicts."""

import subprocess
import sys

import pytest

import fhir_iop

RECORD = {"record": "check-in", "id": "ci-1", "patient": "pt-1", "at": "2026-03-09T18:05:00-04:00", "mood": 6}


def test_a_record_there_and_back() -> None:
    resources = fhir_iop.map_record(RECORD)
    assert [resource["resourceType"] for resource in resources] == ["Observation"]
    assert [found for found in fhir_iop.validate(resources[0]) if found.is_error] == []
    assert fhir_iop.to_records(resources) == [RECORD]
    assert fhir_iop.view(resources[0]).status == "final"


def test_a_record_that_does_not_fit_is_refused_with_its_place() -> None:
    with pytest.raises(fhir_iop.Refused) as caught:
        fhir_iop.map_record(RECORD | {"mood": 11})
    assert [found.expression for found in caught.value.issues] == ["/mood"]


def test_every_public_name_is_there_and_no_other() -> None:
    for name in fhir_iop.__all__:
        assert getattr(fhir_iop, name).__doc__
    with pytest.raises(AttributeError):
        _ = fhir_iop.nonsense  # type: ignore[attr-defined]


def test_importing_the_package_imports_nothing_else() -> None:
    script = "import sys, fhir_iop; print([m for m in sys.modules if m.startswith('fhir_iop.') or m == 'flask'])"
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"
