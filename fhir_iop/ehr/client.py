"""The wire to an EHR: searches with all their pages, from one address and about one patient, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fhir_iop.errors import BadInput, NotFound, Unavailable
from fhir_iop.fhir import json, reference
from fhir_iop.fhir.foreign import is_deeper_than, objects, part, resources, text
from fhir_iop.issue import ERRORS, issue
from fhir_iop.session import host_of, joined, same_origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fhir_iop.issue import Issue
    from fhir_iop.session import Session

FHIR_JSON: Final = "application/fhir+json"
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CODE: Final = re.compile(r"[a-z][a-z-]{0,40}")
_MOST_PAGES: Final = 1_000
_MOST_REQUESTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a search brought: a patient's MedicationRequests, each once, and the Medications that they refer to.

    ``base`` is the server's address, and ``medications`` are by their relative reference there. ``issues`` say what the
    server told beside them and what was left out; an error among them means that something needs a person's look.
    """

    base: str
    requests: tuple[dict[str, Any], ...]
    medications: Mapping[str, dict[str, Any]]
    issues: list[Issue] = field(default_factory=list)

    def medication_of(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the Medication that ``request``, one of ``requests``, refers to on the same server, or None."""
        return self.medications.get(_local(part(request, "medicationReference"), self.base))


class EhrClient:
    """Reads from the FHIR server at ``base`` through ``session``, which sets the limits and carries the log-in.

    Every method raises Unavailable where the server can't be reached, refuses, or answers what isn't FHIR.
    """

    def __init__(self, session: Session, base: str) -> None:
        self.base = base.rstrip("/")
        self._session = session
        self._host = host_of(base)

    def patient(self, id_: str) -> dict[str, Any]:
        """Read one Patient. Raises NotFound where the server has none, BadInput where ``id_`` is no FHIR id."""
        found = self._read("Patient", self._checked(id_))
        if found is None:
            raise NotFound(issue("ehr-no-patient", host=self._host))
        return found

    def medication_requests(self, patient: str, *, count: int = 100) -> Pulled:
        """Return the orders and reports (intent order and plan) of ``patient``, a Patient's id there.

        Pages are followed on the same origin only; a page that was there before, and more pages or requests than any
        patient has, end the search. Half a search is none: those raise Unavailable. What is about another patient is
        left out and told.
        """
        parameters = {
            "patient": self._checked(patient),
            "intent": "order,plan",
            "_include": "MedicationRequest:medication",
            "_count": str(count),
        }
        collected = _Collected(self.base, f"Patient/{patient}")
        for page in self._pages(f"{self.base}/MedicationRequest?{urlencode(parameters)}"):
            collected.add(page)
            if len(collected.requests) > _MOST_REQUESTS:
                raise Unavailable(issue("ehr-endless", host=self._host))
        for target in collected.missing():
            found = self._read("Medication", target.removeprefix("Medication/"))
            if found is not None:
                collected.medications[target] = found
        return Pulled(self.base, tuple(collected.requests.values()), collected.medications, collected.issues)

    def _pages(self, url: str) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        following: str | None = url
        while following is not None:
            if following in seen or len(seen) >= _MOST_PAGES:
                raise Unavailable(issue("ehr-endless", host=self._host))
            seen.add(following)
            page = self._get(following)
            if page is None or page.get("resourceType") != "Bundle" or page.get("type") != "searchset":
                raise Unavailable(issue("ehr-answer", host=self._host, expected="a searchset Bundle"))
            yield page
            following = self._next(page, following)

    def _next(self, page: Mapping[str, Any], here: str) -> str | None:
        for link in objects(page, "link"):
            if link.get("relation") == "next" and text(link, "url"):
                url = joined(here, text(link, "url"))
                if not same_origin(url, self.base):
                    raise Unavailable(issue("ehr-link", host=self._host, target=host_of(url) or "nowhere"))
                return url
        return None

    def _read(self, type_: str, id_: str) -> dict[str, Any] | None:
        found = self._get(f"{self.base}/{type_}/{id_}")
        if found is not None and (found.get("resourceType") != type_ or found.get("id") != id_):
            raise Unavailable(issue("ehr-answer", host=self._host, expected=f"the {type_} that was asked for"))
        return found

    def _get(self, url: str) -> dict[str, Any] | None:
        """Return the resource at ``url``; None where there is none."""
        answer = self._session.get(url, accept=FHIR_JSON)
        if answer.status in {404, 410}:
            return None
        if not answer.ok:
            raise Unavailable(issue("ehr-refused", host=self._host, status=answer.status))
        if "json" not in answer.media_type:
            kind = answer.media_type or "of no named kind"
            raise Unavailable(issue("ehr-answer", host=self._host, expected=f"FHIR JSON (it is {kind})"))
        try:
            found = json.decode_object(answer.body)
        except BadInput as error:
            words = f"JSON ({error.issues[0].rule})"
            raise Unavailable(issue("ehr-answer", host=self._host, expected=words)) from None
        if is_deeper_than(found, json.DEPTH_LIMIT):
            raise Unavailable(issue("ehr-answer", host=self._host, expected=f"at most {json.DEPTH_LIMIT} levels deep"))
        return found

    def _checked(self, id_: str) -> str:
        if not _ID.fullmatch(id_):
            raise BadInput(issue("ehr-id"))
        return id_


class _Collected:
    """The entries of a search's pages, sorted: what was asked for, what goes with it, and what to tell."""

    def __init__(self, base: str, patient: str) -> None:
        self.requests: dict[str, dict[str, Any]] = {}
        self.medications: dict[str, dict[str, Any]] = {}
        self.issues: list[Issue] = []
        self._base = base
        self._patient = patient
        self._ignored: set[str] = set()

    def add(self, page: Mapping[str, Any]) -> None:
        for resource in resources(page):
            self._add(resource)

    def _add(self, resource: dict[str, Any]) -> None:
        type_, id_ = str(resource.get("resourceType")), resource.get("id")
        if type_ == "OperationOutcome":
            self._tell(resource)
        elif not isinstance(id_, str) or not _ID.fullmatch(id_):
            self.issues.append(issue("ehr-no-id", "MedicationRequest.id"))
        elif type_ == "Medication":
            self.medications[f"Medication/{id_}"] = resource
        elif type_ != "MedicationRequest":
            self._ignore(type_)
        elif _local(resource.get("subject"), self._base) != self._patient:
            self.issues.append(issue("ehr-other-patient", "MedicationRequest.subject"))
        elif id_ not in self.requests or _updated(resource) >= _updated(self.requests[id_]):
            self.requests[id_] = resource  # a page that moved while it was read brings one twice: the newer counts

    def missing(self) -> list[str]:
        """Return the references to Medications of the same server that the search didn't bring."""
        targets = [_local(request.get("medicationReference"), self._base) for request in self.requests.values()]
        return sorted({target for target in targets if target.startswith("Medication/")} - set(self.medications))

    def _tell(self, outcome: Mapping[str, Any]) -> None:
        """Tell the codes of what the server says; its words may name a patient."""
        for one in objects(outcome, "issue"):
            code = text(one, "code") if _CODE.fullmatch(text(one, "code")) else "unknown"
            rule = "ehr-outcome-error" if text(one, "severity") in ERRORS else "ehr-outcome"
            self.issues.append(issue(rule, code=code))

    def _ignore(self, type_: str) -> None:
        known = type_ if type_.isalpha() and len(type_) < 40 else "something"
        if known not in self._ignored:
            self._ignored.add(known)
            self.issues.append(issue("ehr-ignored", type=known))


def _local(target: Any, base: str) -> str:
    """Return ``Type/id`` of a Reference to the server at ``base``; empty for any other."""
    parsed = reference.parse(text(target, "reference"))
    return parsed.local if parsed and parsed.base in {None, base} else ""


def _updated(resource: Mapping[str, Any]) -> str:
    return text(resource, "meta", "lastUpdated")
