"""The conformance resources of US Core's packages, which everybody's tools load: their true faults and no others."""

import tarfile
from collections import Counter
from pathlib import Path

import pytest

from fhir_iop.fhir import json
from fhir_iop.validation import Validator

# What is wrong in them, by rule: 7.0.0 names a work group that R4's value set doesn't have yet; both derive the profile
# of QuestionnaireResponse from SDC's, which isn't at hand, and weaken a binding of R4's vital signs; a link of 6.1.0's
# narrative leads nowhere.
FAULTS = {
    "6.1.0": {"snapshot-base": 1, "snapshot-binding": 1, "narrative-link": 1},
    "7.0.0": {"snapshot-base": 1, "snapshot-binding": 1, "binding-required": 211},
}


@pytest.mark.shared
@pytest.mark.parametrize("version", FAULTS)
def test_only_true_faults_are_found(validator: Validator, shared: Path, version: str) -> None:
    found: Counter[str] = Counter()
    with tarfile.open(shared / "packages" / f"hl7.fhir.us.core-{version}.tgz") as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is None or entry.name.count("/") != 1 or not entry.name.endswith(".json"):
                continue
            resource = json.decode_object(content.read())
            if "resourceType" in resource:
                found.update(issue.rule for issue in validator.validate(resource) if issue.is_error)
    assert found == FAULTS[version]
