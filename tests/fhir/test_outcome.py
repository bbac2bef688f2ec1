"""Issues told as an OperationOutcome."""

from fhir_iop.fhir.outcome import operation_outcome
from fhir_iop.issue import Issue


def test_an_issue_is_told_with_its_rule_and_place() -> None:
    found = Issue("cardinality-min", "error", "required", "Patient.name", "Patient.name is missing.")
    assert operation_outcome([found]) == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "required",
                "details": {"coding": [{"code": "cardinality-min"}], "text": "Patient.name is missing."},
                "expression": ["Patient.name"],
            }
        ],
    }


def test_without_issues_it_says_so() -> None:
    (told,) = operation_outcome([])["issue"]
    assert (told["severity"], told["code"]) == ("information", "informational")
