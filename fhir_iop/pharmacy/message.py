"""A prescription as a FHIR message (https://hl7.org/fhir/R4/messaging.html): whole, permitted, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final, Protocol

from fhir_iop.fhir.security import add_labels, high_water_mark, is_protected
from fhir_iop.fhir.systems import profile
from fhir_iop.issue import has_errors, issue
from fhir_iop.pharmacy import controlled, identity, minimum, orders
from fhir_iop.pharmacy.contents import Gatherer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from fhir_iop.issue import Issue
    from fhir_iop.pharmacy.contents import Contents, Resolve
    from fhir_iop.pharmacy.identity import Event

_DISPLAYS: Final = {"new-rx": "New prescription", "cancel-rx": "Cancellation of a prescription"}
_GONE: Final = object()
_MESSAGE: Final = profile("iop-prescription-message")
_PART2_BUNDLE: Final = profile("iop-part2-bundle")


class Permission(Protocol):
    """The answer to whether resources may go to a pharmacy: what consent.decide returns, as far as it matters here."""

    @property
    def permitted(self) -> bool:
        """Whether all of them may."""

    @property
    def consent(self) -> dict[str, Any] | None:
        """The Consent that permits it."""

    @property
    def issues(self) -> Sequence[Issue]:
        """Why not."""


@dataclass(frozen=True, slots=True)
class Sender:
    """How messages name this program: its name, and the address of its endpoint."""

    name: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Built:
    """A message, or None and the errors that kept it from being built; a message may come with warnings."""

    message: dict[str, Any] | None
    issues: list[Issue] = field(default_factory=list)


def build_message(
    order: Mapping[str, Any],
    *,
    resolve: Resolve,
    permit: Callable[[list[dict[str, Any]], Mapping[str, Any]], Permission],
    sender: Sender,
    destination: str,
    at: datetime,
    notice: str = "",
    event: Event = "new-rx",
) -> Built:
    """Build the message that gives ``order`` to its pharmacy, or takes it back (``event`` cancel-rx).

    ``order`` is a valid, labelled MedicationRequest; ``resolve`` returns the stored resource for ``Type/id``, or None.
    ``permit`` is asked once, with everything that would go and the pharmacy's Organization; where an entry is protected
    its Consent goes along and ``notice``, the text of 42 CFR 2.32, stands in the header's narrative. ``at`` becomes the
    Bundle's timestamp, ``destination`` is the pharmacy's address.

    The message has one id for all time (:func:`fhir_iop.pharmacy.identity.message_id`). References to what isn't in it
    keep an identifier where they have one, and go otherwise.
    """
    refusals = list(orders.against_sending(order) if event == "new-rx" else orders.against_cancelling(order))
    if refusals:
        return Built(None, refusals)
    gatherer = Gatherer(resolve, sender.endpoint)
    contents = gatherer.gather(order)
    if contents is None:
        return Built(None, gatherer.issues)
    controls = controlled.bundled()
    is_controlled = bool(controls.schedules(order, contents.medications))
    issues = list(contents.against_sending(is_controlled=is_controlled))
    if event == "new-rx":
        issues += controlled.check(order, contents.medications, contents.conditions, controls)
    if has_errors(issues):
        return Built(None, issues)
    entries = contents.reduced(is_controlled=is_controlled)
    permission = permit(entries, contents.pharmacy)
    is_disclosure = any(map(is_protected, entries))
    issues += _refusals(permission, is_disclosure=is_disclosure, notice=notice)
    if has_errors(issues):
        return Built(None, issues)
    if event == "cancel-rx":
        entries[0] |= {"status": "cancelled"}  # what the pharmacy is asked for, whatever ended it here
    if is_disclosure and permission.consent:
        entries.append(minimum.consent(permission.consent, contents.pharmacy))
    header = _header(contents, event, sender, destination, notice if is_disclosure else "")
    return Built(_bundle(header, entries, sender.endpoint, at), issues)


def _refusals(permission: Permission, *, is_disclosure: bool, notice: str) -> list[Issue]:
    """Report why what would go may not; a permission that comes without its Consent or notice is none."""
    if not permission.permitted:
        return list(permission.issues) or [issue("rx-not-permitted", "MedicationRequest")]
    if is_disclosure and not (permission.consent and notice):
        return [issue("rx-not-permitted", "MedicationRequest")]
    return list(permission.issues)


def _header(contents: Contents, event: Event, sender: Sender, destination: str, notice: str) -> dict[str, Any]:
    told = f"{_DISPLAYS[event]} from {sender.name} to {contents.pharmacy.get('name', 'a pharmacy')}."
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in (told, *notice.splitlines()))
    return {
        "resourceType": "MessageHeader",
        "id": identity.message_id(contents.order, event),
        "text": {
            "status": "additional" if notice else "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</div>',
        },
        "eventCoding": {"system": identity.EVENTS, "code": event, "display": _DISPLAYS[event]},
        "destination": [
            {
                **({"name": contents.pharmacy["name"]} if contents.pharmacy.get("name") else {}),
                "endpoint": destination,
                "receiver": {"reference": identity.full_url(contents.pharmacy)},
            }
        ],
        "sender": {"display": sender.name},
        "author": {"reference": identity.full_url(contents.role or contents.practitioner)},
        "source": {"name": sender.name, "software": "fhir-iop", "endpoint": sender.endpoint},
        "focus": [{"reference": identity.full_url(contents.order)}],
    }


def _bundle(header: dict[str, Any], entries: Sequence[dict[str, Any]], base: str, at: datetime) -> dict[str, Any]:
    urls = {
        f"{address}{resource['resourceType']}/{resource['id']}": identity.full_url(resource)
        for resource in entries
        for address in ("", f"{base}/")
    }
    bundle = {
        "resourceType": "Bundle",
        "id": header["id"],
        "meta": {"profile": [_MESSAGE, *([_PART2_BUNDLE] if any(map(is_protected, entries)) else [])]},
        "identifier": identity.uri_identifier(header["id"]),
        "type": "message",
        "timestamp": at.isoformat(),
        "entry": [
            {"fullUrl": f"urn:uuid:{header['id']}", "resource": header},
            *({"fullUrl": identity.full_url(resource), "resource": _within(resource, urls)} for resource in entries),
        ],
    }
    return add_labels(bundle, high_water_mark(entries))


def _within(value: Any, urls: Mapping[str, str]) -> Any:
    """Rewrite the references in ``value`` so that they lead to an entry of the message, or to nothing."""
    if isinstance(value, list):
        return [kept for kept in (_within(part, urls) for part in value) if kept is not _GONE] or _GONE
    if not isinstance(value, dict):
        return value
    if value.get("url") == controlled.SIGNED:
        return value  # it leads to the certified system, and is carried as that system gave it
    if isinstance(value.get("reference"), str):
        return _reference(value, urls)
    kept = {name: found for name, part in value.items() if (found := _within(part, urls)) is not _GONE}
    return kept or _GONE


def _reference(value: Mapping[str, Any], urls: Mapping[str, str]) -> Any:
    text = value["reference"]
    address = text.partition("/_history/")[0]
    if address in urls:
        return {**value, "reference": urls[address]}
    if text.startswith("#"):
        return value
    kept = {name: value[name] for name in ("type", "identifier") if name in value}
    return kept if "identifier" in kept else _GONE
