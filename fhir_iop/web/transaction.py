"""transaction: all that is written is written together or not at all (https://hl7.org/fhir/R4/http.html#transaction).

The writes take the order of https://hl7.org/fhir/R4/http.html#trules, in one transaction of the store. What reads is
carried out after them, and finding nothing is told in its own entry: it leaves nothing half done.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fhir_iop.errors import BadInput, Refused
from fhir_iop.issue import Issue, has_errors, issue
from fhir_iop.store import Stored
from fhir_iop.web.calls import Call, call_of, carried_out, refused, told
from fhir_iop.web.entries import Entry, entry_of
from fhir_iop.web.exchange import Answer, Ask
from fhir_iop.web.match import find
from fhir_iop.web.plan import Planned, in_order
from fhir_iop.web.written import keep, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.store import Write
    from fhir_iop.web.calls import Router
    from fhir_iop.web.services import Services


def transaction(services: Services, ask: Ask, values: Sequence[Any], route: Router) -> list[dict[str, Any]]:
    """Carry out the entries ``values`` and return those of the response, in the same order.

    Raises what any entry's reading or writing raises; nothing was written then. A Refused says in each finding's
    expression which entry it is about.
    """
    base_url = services.settings.base_url
    calls = [call_of(entry_of(index, value, base_url), ask, route) for index, value in enumerate(values)]
    prepared = [(call, call.interaction.prepare(services, call.ask)) for call in calls if call.interaction.prepare]
    planned = [Planned(call.entry, *_target(call.ask, found)) for call, found in prepared]
    ordered = in_order(planned, services.definitions, lambda text: _resolved(services, text))
    versions = {call.entry.index: found for call, found in prepared if isinstance(found, Stored)}
    versions |= _kept(services, ordered, ask.agent)
    return [_answered(services, call, versions.get(call.entry.index)) for call in calls]


def _target(ask: Ask, found: Write | Stored | None) -> tuple[str, Write | None]:
    """Return which resource an entry is about, as ``type/id``, and what is to be written of it."""
    if found is None:
        return f"{ask.type}/{ask.id}", None
    if isinstance(found, Stored):
        return found.reference, None
    return f"{ask.type}/{found.resource['id']}", found


def _resolved(services: Services, reference: str) -> str:
    """Return ``type/id`` of what a conditional reference names. Raises BadInput, or PreconditionFailed for several."""
    type_, _, criteria = reference.partition("?")
    found = find(services, type_, criteria)
    if found is None:
        raise BadInput(issue("bundle-no-match"))
    return found.reference


def _kept(services: Services, ordered: Sequence[tuple[Entry, Write]], agent: str) -> dict[int, Stored]:
    """Write all of ``ordered`` or nothing, and return the versions by the index of their entry."""
    if not ordered:
        return {}
    try:
        stored = keep(services, [write for _, write in ordered], agent)
    except Refused as refusal:
        raise Refused(*(_attributed(services, ordered) or refusal.issues)) from None
    return {entry.index: version for (entry, _), version in zip(ordered, stored, strict=True)}


def _attributed(services: Services, ordered: Sequence[tuple[Entry, Write]]) -> list[Issue]:
    """Find out which entries hold the resources that are refused, and say so in each finding's expression."""
    attributed: list[Issue] = []
    for entry, write in sorted(ordered, key=lambda pair: pair[0].index):
        found = [] if write.deleted else services.validator.validate(write.resource)
        if has_errors(found):
            attributed += [_within(entry, each) for each in found]
    return attributed


def _within(entry: Entry, found: Issue) -> Issue:
    _, dot, rest = found.expression.partition(".")
    return replace(found, expression=f"{entry.place}.resource{dot}{rest}")


def _answered(services: Services, call: Call, stored: Stored | None) -> dict[str, Any]:
    """Tell what became of an entry now that all is written; one that only reads is carried out."""
    if call.interaction.prepare is None:
        try:
            return carried_out(services, call)
        except Exception as error:  # noqa: BLE001 - what is written is written; refused() logs what nobody expected
            return refused(services, error)
    if stored is None or stored.resource is None:
        return told(services, Answer(204, stored=stored))
    return told(services, written(services, call.ask, stored))
