"""Issues told as an OperationOutcome."""

from fhir_iop.fhir.outcome import operation_outcome
from fhir_iop.issue import Issue, issue


def test_an_issue_is_told_with_its_rule_and_place() -> None:
    found = Issue("cardinality-min", "error", "required", "Patient.name", "Patient.name is missing.")
    coding = {"system": "https://example.org/fhir/iop/CodeSystem/rule", "code": "cardinality-min"}
    assert operation_outcome([found]) == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "required",
                "details": {"coding": [coding], "text": "Patient.name is missing."},
                "expression": ["Patient.name"],
            }
        ],
    }


def test_without_issues_it_says_so() -> None:
    (told,) = operation_outcome([])["issue"]
    assert (told["severity"], told["code"]) == ("information", "informational")


def test_the_place_in_a_text_is_told() -> None:
    (told,) = operation_outcome([issue("json-depth", line=3, column=7, limit=200)])["issue"]
    assert told["diagnostics"] == "Line 3, column 7."
    (told,) = operation_outcome([issue("json-depth", line=3, limit=200)])["issue"]
    assert told["diagnostics"] == "Line 3."
