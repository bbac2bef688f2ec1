"""What was stored, every version of it, found by search, with the outbox and the audit trail beside it."""

from fhir_iop.store.contract import (
    AuditRecord,
    Criterion,
    Message,
    Page,
    Query,
    Queued,
    Receipt,
    Settled,
    Store,
    Stored,
    Submission,
    Write,
)
from fhir_iop.store.opening import open_store
from fhir_iop.store.search.parse import parse_query

__all__ = [
    "AuditRecord",
    "Criterion",
    "Message",
    "Page",
    "Query",
    "Queued",
    "Receipt",
    "Settled",
    "Store",
    "Stored",
    "Submission",
    "Write",
    "open_store",
    "parse_query",
]
