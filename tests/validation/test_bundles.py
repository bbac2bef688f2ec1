"""Bundles: what identifies an entry, and where references between entries lead."""

from typing import Any

import pytest

from fhir_iop.validation import Validator
from fhir_iop.validation.bundles import Entries
from tests.validation.made import bundle, entry, observation, patient

BASE = "https://ehr.example.org/r4"
URN = "urn:uuid:0d0e3b6a-3f0c-4f1e-9f1e-0123456789a"
ADA = patient(id="ada")
CRAVING = observation(id="craving", subject={"reference": "Patient/ada"})
HEADER = {
    "resourceType": "MessageHeader",
    "id": "header",
    "eventUri": "https://example.org/events/prescription",
    "source": {"endpoint": "https://program.example.org"},
    "focus": [{"reference": "Observation/craving"}],
}
COMPOSITION = {
    "resourceType": "Composition",
    "id": "summary",
    "status": "final",
    "type": {"text": "Discharge summary"},
    "date": "2025-01-01",
    "title": "Discharge summary",
    "subject": {"reference": "Patient/ada"},
    "author": [{"display": "Invented program"}],
}
DOCUMENT = {"identifier": {"system": "https://example.org", "value": "1"}, "timestamp": "2025-01-01T00:00:00Z"}

BROKEN: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (bundle("collection", {"resource": ADA}), [("bundle-full-url", "Bundle.entry[0]")]),
    (bundle("collection", entry("Patient/ada", ADA)), [("bundle-full-url-relative", "Bundle.entry[0].fullUrl")]),
    (bundle("collection", entry(f"{BASE}/Patient/bob", ADA)), [("bundle-full-url-differs", "Bundle.entry[0].fullUrl")]),
    (
        bundle("collection", entry(f"{BASE}/Patient/ada", {"resourceType": "Patient", "active": True})),
        [("bundle-full-url-no-id", "Bundle.entry[0].fullUrl")],
    ),
    (
        bundle("collection", entry(URN + "a", CRAVING), entry(URN + "b", ADA)),
        [("bundle-reference-differs", "Bundle.entry[0].resource.subject.reference")],
    ),
    (
        bundle("collection", entry(f"{BASE}/Observation/craving", CRAVING), entry("https://a.test/Patient/ada", ADA)),
        [("bundle-reference-differs", "Bundle.entry[0].resource.subject.reference")],
    ),
    (
        bundle("collection", entry(URN + "a", observation(subject={"reference": URN + "b"}))),
        [("bundle-reference-missing", "Bundle.entry[0].resource.subject.reference")],
    ),
    (
        bundle(
            "collection",
            entry(URN + "a", CRAVING | {"subject": {"reference": URN + "b"}}),
            entry(URN + "b", {"resourceType": "Practitioner", "id": "p"}),
        ),
        [("reference-target", "Bundle.entry[0].resource.subject")],
    ),
    (
        bundle(
            "searchset",
            entry(f"{BASE}/Patient/ada", ADA),
            link=[{"relation": "self", "url": BASE}, {"relation": "self", "url": BASE}],
        ),
        [("bundle-link-twice", "Bundle.link[1]")],
    ),
    (
        bundle("message", entry(f"{BASE}/MessageHeader/header", HEADER), entry(f"{BASE}/Patient/ada", ADA)),
        [
            ("bundle-entry-missing", "Bundle.entry[0].resource.focus[0].reference"),
            ("bundle-entry-unreachable", "Bundle.entry[1]"),
        ],
    ),
    (
        bundle("document", entry(f"{BASE}/Composition/summary", COMPOSITION), **DOCUMENT),
        [("bundle-entry-missing", "Bundle.entry[0].resource.subject.reference")],
    ),
    (
        bundle(
            "document",
            entry(f"{BASE}/Composition/summary", COMPOSITION),
            entry(f"{BASE}/Patient/ada", ADA),
            entry(f"{BASE}/Patient/eve", patient(id="eve")),
            **DOCUMENT,
        ),
        [("bundle-entry-unreachable", "Bundle.entry[2]")],
    ),
]


@pytest.mark.parametrize(("resource", "expected"), BROKEN, ids=[str(expected[0][0]) for _, expected in BROKEN])
def test_a_fault_between_entries_is_found_once_at_its_place(
    validator: Validator, resource: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert [(issue.rule, issue.expression) for issue in validator.validate(resource)] == expected


UPDATE = {"method": "PUT", "url": "Patient/ada"}
MATCH = {"mode": "match"}
VERSIONED = patient(id="ada", meta={"versionId": "2", "lastUpdated": "2025-01-01T00:00:00Z"})


def asking(kind: str, method: str, url: str, resource: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A Bundle of one entry that asks for something."""
    sent = {} if resource is None else {"resource": resource}
    return bundle(kind, sent | {"request": {"method": method, "url": url} | more})


def answering(status: str = "201 Created", resource: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    sent = {} if resource is None else {"resource": resource}
    return bundle("transaction-response", sent | {"response": {"status": status} | more})


def found_by_search(resource: dict[str, Any], search: dict[str, Any], **more: Any) -> dict[str, Any]:
    url = f"{BASE}/{resource['resourceType']}/{resource['id']}"
    return bundle("searchset", entry(url, resource, search=search), **more)


OUTCOME = {"resourceType": "OperationOutcome", "id": "o", "issue": [{"severity": "warning", "code": "not-found"}]}
AT = "Bundle.entry[0]"
ASKED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (asking("batch", "POST", "Patient"), [("bundle-request-resource", AT)]),
    (asking("transaction", "PUT", "Patient/ada"), [("bundle-request-resource", AT)]),
    (asking("batch", "DELETE", "Patient/ada", ADA), [("bundle-request-no-resource", f"{AT}.resource")]),
    (asking("batch", "GET", "Patient/ada", ADA), [("bundle-request-no-resource", f"{AT}.resource")]),
    (
        asking("batch", "PUT", "Patient/ada", ADA, ifNoneExist="identifier=x"),
        [("bundle-request-condition", f"{AT}.request.ifNoneExist")],
    ),
    (asking("batch", "GET", f"{BASE}/Patient/ada"), [("bundle-request-absolute", f"{AT}.request.url")]),
    *(
        (asking("batch", method, url, ADA if method in {"POST", "PUT"} else None), [("bundle-request-url", place)])
        for place in [f"{AT}.request.url"]
        for method, url in [
            ("POST", "Patient/ada"),
            ("PUT", "Patient"),
            ("PUT", "Patient/a/b"),
            ("DELETE", "Patient"),
            ("PATCH", "Chicken/1"),
            ("POST", "Chicken"),
            ("GET", "Chicken/1"),
            ("PUT", "Patient/ada/_history/1"),
        ]
    ),
    (asking("batch", "POST", "Observation", ADA), [("bundle-request-type", f"{AT}.request.url")]),
    (asking("batch", "PUT", "Patient/eve", ADA), [("bundle-request-id", f"{AT}.request.url")]),
    (
        asking("batch", "PUT", "Patient/eve", {"resourceType": "Patient", "active": True}),
        [("bundle-request-id", f"{AT}.request.url")],
    ),
    (
        bundle("transaction", {"resource": ADA, "request": UPDATE}, {"request": UPDATE | {"method": "DELETE"}}),
        [("bundle-changed-twice", "Bundle.entry[1]")],
    ),
    (answering("Created"), [("bundle-response-status", f"{AT}.response.status")]),
    (answering("2000"), [("bundle-response-status", f"{AT}.response.status")]),
    (answering(resource=VERSIONED, etag='W/"1"'), [("bundle-response-etag", f"{AT}.response.etag")]),
    (
        answering(resource=VERSIONED, lastModified="2025-01-01T00:00:01Z"),
        [("bundle-response-modified", f"{AT}.response.lastModified")],
    ),
    (answering(outcome=ADA), [("bundle-response-outcome", f"{AT}.response.outcome")]),
    (found_by_search(ADA, {"mode": "outcome"}), [("bundle-search-mode", f"{AT}.search.mode")]),
    (found_by_search(OUTCOME, MATCH), [("bundle-search-mode", f"{AT}.search.mode")]),
    (found_by_search(ADA, MATCH | {"score": 2}), [("bundle-search-score", f"{AT}.search.score")]),
    (found_by_search(ADA, MATCH, total=0), [("bundle-total", "Bundle.total")]),
]


@pytest.mark.parametrize(("resource", "expected"), ASKED)
def test_what_an_entry_asks_or_answers_is_held_to_its_rules(
    validator: Validator, resource: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert [(issue.rule, issue.expression) for issue in validator.validate(resource)] == expected


ALLOWED: list[dict[str, Any]] = [
    *(
        asking("batch", method, url, ADA if method == "PUT" else None)
        for method, url in [
            ("GET", "Patient/ada"), ("GET", "Patient?name=a"), ("GET", "metadata"), ("GET", "Patient/ada/_history/1"),
            ("GET", "Patient/ada/$everything"), ("GET", "?_type=Patient"), ("DELETE", "Patient?identifier=x"),
            ("DELETE", "/Patient/ada"), ("PUT", "Patient?identifier=x"), ("PUT", "Patient/ada"), ("HEAD", "Patient"),
        ]
    ),
    *(
        asking("batch", "POST", url, ADA)
        for url in ["Patient", "Patient/_search", "Patient/$match", "$process-message", "Patient/ada/$everything"]
    ),
    asking("batch", "POST", "Patient", ADA, ifNoneExist="identifier=x"),
    bundle("batch", {"resource": ADA, "request": UPDATE}, {"resource": ADA, "request": UPDATE}),
    answering(resource=VERSIONED, etag='W/"2"', lastModified="2024-12-31T19:00:00-05:00", outcome=OUTCOME),
    found_by_search(OUTCOME, {"mode": "outcome"}, total=0),
    found_by_search(ADA, MATCH | {"score": 1}, total=1),
]  # fmt: skip


@pytest.mark.parametrize("resource", ALLOWED)
def test_what_may_be_asked_or_answered_is_passed(validator: Validator, resource: dict[str, Any]) -> None:
    assert validator.validate(resource) == []


RIGHT: list[dict[str, Any]] = [
    bundle("collection", entry(f"{BASE}/Observation/craving", CRAVING), entry(f"{BASE}/Patient/ada", ADA)),
    bundle("collection", entry(f"{BASE}/Observation/craving", CRAVING)),
    bundle("transaction", {"resource": ADA, "request": {"method": "PUT", "url": "Patient/ada"}}),
    bundle(
        "message",
        entry(f"{BASE}/MessageHeader/header", HEADER),
        entry(f"{BASE}/Observation/craving", CRAVING),
        entry(f"{BASE}/Patient/ada", ADA),
    ),
    bundle(
        "document",
        entry(f"{BASE}/Composition/summary", COMPOSITION),
        entry(f"{BASE}/Patient/ada", ADA),
        entry(f"{BASE}/Observation/craving", CRAVING),
        **DOCUMENT,
    ),
]


@pytest.mark.parametrize("resource", RIGHT, ids=[resource["type"] for resource in RIGHT])
def test_nothing_is_found_in_what_is_right(validator: Validator, resource: dict[str, Any]) -> None:
    assert validator.validate(resource) == []


def test_references_lead_to_entries_by_the_full_url_rules() -> None:
    first, second = patient(id="a", meta={"versionId": "1"}), patient(id="a", meta={"versionId": "2"})
    other = patient(id="b")
    entries = Entries(
        bundle(
            "history", entry(f"{BASE}/Patient/a", first), entry(f"{BASE}/Patient/a", second), entry(URN + "b", other)
        )
    )
    here = f"{BASE}/Observation/o"
    assert entries.find("Patient/a", here) is first
    assert entries.find("Patient/a/_history/2", here) is second
    assert entries.find("Patient/a/_history/3", here) is None
    assert entries.find(f"{BASE}/Patient/a", "https://elsewhere.test/Observation/o") is first
    assert entries.find("Patient/a", "https://elsewhere.test/Observation/o") is None
    assert entries.find(URN + "b", here) is other
    assert entries.find(URN + "b#part", here) is other
    assert entries.find("Patient/b", here) is None
    assert entries.find("Patient/b", None) is other
    assert entries.find("not a reference", here) is None
