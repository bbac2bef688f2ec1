"""What orders ask of the outbox: the message to their pharmacy, the Task that tracks it, the disclosure on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fhir_iop import consent, pharmacy
from fhir_iop.errors import Refused
from fhir_iop.issue import issue
from fhir_iop.store import AuditRecord, Message, Write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fhir_iop.flow.lookup import Lookup
    from fhir_iop.pharmacy import Event
    from fhir_iop.settings import Settings
    from fhir_iop.store import Store

KIND = "prescription"


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes into the same transaction as the orders."""

    messages: list[Message] = field(default_factory=list)
    tasks: list[Write] = field(default_factory=list)
    audit: list[AuditRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Prescriptions:
    """Turns the orders among ``writes`` into messages, as of the time ``at``."""

    lookup: Lookup
    store: Store
    settings: Settings
    at: datetime

    def of(self, writes: Sequence[Write]) -> Asked:
        """Return what the orders ask for; nothing where no pharmacy's address is set.

        Raises Refused where an order may not be sent, or was sent with another content.
        """
        asked = Asked()
        if self.settings.pharmacy_url:
            for write in writes:
                if not write.deleted and write.resource["resourceType"] == "MedicationRequest":
                    self._add(write.resource, asked)
        return asked

    def build(self, order: dict[str, Any], event: Event, at: datetime) -> tuple[dict[str, Any], consent.Decision]:
        """Build the message about ``order`` with the timestamp ``at``, permitted as of now. Raises Refused."""
        decisions: list[consent.Decision] = []

        def permit(entries: list[dict[str, Any]], organization: Mapping[str, Any]) -> consent.Decision:
            patient = order["subject"]["reference"]
            disclosure = consent.Disclosure.to_pharmacy(organization, self.at)
            decisions.append(consent.decide(entries, self.lookup.consents(patient), disclosure))
            return decisions[-1]

        built = pharmacy.build_message(
            order,
            resolve=self.lookup,
            permit=permit,
            sender=pharmacy.Sender(self.settings.program_name, self.settings.base_url),
            destination=self.settings.pharmacy_url,
            at=at,
            notice=consent.notice_on(self.at.date()).text,
            event=event,
        )
        if built.message is None:
            raise Refused(*built.issues)
        return built.message, decisions[-1]

    def _add(self, order: dict[str, Any], asked: Asked) -> None:
        sent = self.store.message(pharmacy.message_id(order))
        if pharmacy.is_to_be_sent(order):
            if sent is None:
                self._queue(order, "new-rx", asked)
                asked.tasks.append(Write(pharmacy.open_task(order, self.at), mode="create"))
            else:
                self._same(order, sent.message.body)
        elif sent is not None and pharmacy.is_to_be_cancelled(order) and not self._is_cancelled(order):
            self._queue(order, "cancel-rx", asked)

    def _is_cancelled(self, order: dict[str, Any]) -> bool:
        return self.store.message(pharmacy.message_id(order, "cancel-rx")) is not None

    def _queue(self, order: dict[str, Any], event: Event, asked: Asked) -> None:
        message, decision = self.build(order, event, self.at)
        about = f"MedicationRequest/{order['id']}"
        asked.messages.append(
            Message(pharmacy.message_id(order, event), f"{KIND} {event}", about, self.settings.pharmacy_url, message)
        )
        if "audit" in decision.obligations:
            permitted_by = tuple(f"Consent/{found['id']}" for found in decision.consents)
            asked.audit.append(AuditRecord("disclose", "", (about, *permitted_by), detail=f"rule {decision.rule}"))

    def _same(self, order: dict[str, Any], sent: dict[str, Any]) -> None:
        """Raise Refused where the pharmacy would now be told something else than it was."""
        if self._is_stored(order):
            return
        message, _ = self.build(order, "new-rx", datetime.fromisoformat(sent["timestamp"]))
        if _order_in(message) != _order_in(sent):
            raise Refused(issue("rx-already-sent", "MedicationRequest"))

    def _is_stored(self, order: dict[str, Any]) -> bool:
        """Whether the store's current version says the same, apart from its version and time."""
        stored = self.store.read("MedicationRequest", order["id"]).resource or {}
        return _content(stored) == _content(order)


def _order_in(message: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = message["entry"][1]["resource"]
    return found


def _content(resource: dict[str, Any]) -> dict[str, Any]:
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in {"versionId", "lastUpdated"}}
    return resource | {"meta": meta}
