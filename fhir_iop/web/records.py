"""POST /records: a program hands in its own records, and is told of each what became of it.

Not FHIR: the body is one record, an array of them, or NDJSON. Each record is kept with all its resources or not at
all, and one that is refused doesn't keep the others out. They are taken in their order, so what a prescription needs
(patient, prescriber, pharmacy, diagnosis) comes before it. Sending a record again makes nothing twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Response, request

from fhir_iop.errors import BadInput
from fhir_iop.fhir.json import decode, decode_object
from fhir_iop.issue import issue
from fhir_iop.web import answers, arrival
from fhir_iop.web.errors import refusal
from fhir_iop.web.negotiation import check_body_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.web.services import Services

JSON = "application/json"
NDJSON = "application/x-ndjson"
AGENT = "anonymous"


class Taken(NamedTuple):
    """A record and its place as it was sent (the line, or the position in the array, from 1); or why it is none."""

    place: int
    record: dict[str, Any] | BadInput


def records(services: Services) -> Response:
    """Answer 200 where every record was kept, 207 where some were, 422 where none was.

    The answer counts both kinds, and lists for each record its resources, or an OperationOutcome that says why it was
    refused. Raises BadInput, TooLarge and WrongContent where the body as a whole can't be read.
    """
    if arrival.query(request):
        raise BadInput(issue("web-parameter", known="none"))
    media_type = check_body_type(request.content_type, [JSON, NDJSON])
    raw = arrival.body(request, services.settings.body_limit)
    told = [_told(services, taken) for taken in (_lines(raw) if media_type == NDJSON else _array(raw))]
    if not told:
        raise BadInput(issue("records-none"))
    accepted = sum(one["status"] == "accepted" for one in told)
    status = 200 if accepted == len(told) else 207 if accepted else 422
    answer = {"accepted": accepted, "refused": len(told) - accepted, "records": told}
    return answers.of_json(answer, status, JSON)


def _array(raw: bytes) -> Iterator[Taken]:
    value = decode(raw)
    for place, record in enumerate(value if isinstance(value, list) else [value], start=1):
        if isinstance(record, dict):
            yield Taken(place, record)
        else:
            yield Taken(place, BadInput(issue("records-not-object")))


def _lines(raw: bytes) -> Iterator[Taken]:
    for place, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield Taken(place, decode_object(line))
        except BadInput as error:
            yield Taken(place, error)


def _told(services: Services, taken: Taken) -> dict[str, Any]:
    place, record = taken
    if isinstance(record, BadInput):
        return _refused(services, {"place": place}, record)
    told = {"place": place, **{name: record[name] for name in ("record", "id") if isinstance(record.get(name), str)}}
    try:
        receipt = services.flow.submit_records([record], AGENT)
    except Exception as error:  # noqa: BLE001 - what became of the others must be told too; refusal() logs it
        return _refused(services, told, error)
    return {**told, "status": "accepted", "resources": [stored.reference for stored in receipt.stored]}


def _refused(services: Services, told: dict[str, Any], error: Exception) -> dict[str, Any]:
    return {**told, "status": "refused", "outcome": refusal(error, services.new_id).outcome}
