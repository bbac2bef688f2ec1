"""Gives prescriptions to pharmacies as messages that are whole, permitted and answered."""

from fhir_iop.pharmacy.client import PharmacyClient, Undelivered
from fhir_iop.pharmacy.identity import Event, message_id, task_id
from fhir_iop.pharmacy.message import Built, Permission, Sender, build_message
from fhir_iop.pharmacy.orders import is_to_be_cancelled, is_to_be_sent
from fhir_iop.pharmacy.reply import Reply, read_reply
from fhir_iop.pharmacy.schedule import Schedule
from fhir_iop.pharmacy.simulator import simulate_reply
from fhir_iop.pharmacy.task import TaskStatus, advance, may_become, open_task

__all__ = [
    "Built",
    "Event",
    "Permission",
    "PharmacyClient",
    "Reply",
    "Schedule",
    "Sender",
    "TaskStatus",
    "Undelivered",
    "advance",
    "build_message",
    "is_to_be_cancelled",
    "is_to_be_sent",
    "may_become",
    "message_id",
    "open_task",
    "read_reply",
    "simulate_reply",
    "task_id",
]
