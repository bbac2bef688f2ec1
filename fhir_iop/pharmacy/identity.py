"""The ids that an exchange with a pharmacy is known by: all follow from the order, so that a repeat is known as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import NAMESPACE_URL, uuid5

from fhir_iop.fhir.systems import URI, code_system

if TYPE_CHECKING:
    from collections.abc import Mapping

Event = Literal["new-rx", "cancel-rx"]

EVENTS: Final = code_system("rx-event")
_NAMESPACE: Final = uuid5(NAMESPACE_URL, EVENTS)


def message_id(order: Mapping[str, Any], event: Event = "new-rx") -> str:
    """Return the id of the one message of kind ``event`` that there is for ``order``, a MedicationRequest with its id.

    It doesn't depend on what the order says: an order that was sent is never sent again with another content, it is
    cancelled and replaced by another order.
    """
    return str(uuid5(_NAMESPACE, f"{event} {order['resourceType']}/{order['id']}"))


def task_id(order: Mapping[str, Any]) -> str:
    """Return the id of the Task that tracks ``order``."""
    return str(uuid5(_NAMESPACE, f"task {order['resourceType']}/{order['id']}"))


def full_url(resource: Mapping[str, Any]) -> str:
    """Return the ``urn:uuid:`` that stands for ``resource`` in every message."""
    return uuid5(_NAMESPACE, f"{resource['resourceType']}/{resource['id']}").urn


def response_id(message: str) -> str:
    """Return the id of the answer to the message with the id ``message``."""
    return str(uuid5(_NAMESPACE, f"response {message}"))


def uri_identifier(id_: str) -> dict[str, str]:
    """Return the Identifier of something known by a UUID."""
    return {"system": URI, "value": f"urn:uuid:{id_}"}
