"""A request and its answer as plain values, so that an interaction is the same over HTTP and inside a Bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fhir_iop.store import Stored, Write
    from fhir_iop.web.services import Services

Prefer = Literal["minimal", "representation", "OperationOutcome"]


@dataclass(frozen=True, slots=True)
class Ask:
    """What an interaction is asked.

    ``type``, ``id`` and ``version`` come from the address, ``parameters`` from the query and a form, decoded and in
    order. ``resource`` is the body as JSON, ``body`` the same as it came (empty inside a Bundle). The conditions are
    the headers' values as sent, ``prefer`` what the client wants back from a write, if it says so, ``agent`` who asks.
    """

    type: str = ""
    id: str = ""
    version: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    resource: dict[str, Any] | None = None
    body: bytes = b""
    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_none_exist: str | None = None
    prefer: Prefer | None = None
    agent: str = "anonymous"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interaction answers: an HTTP status, a resource or nothing, and the version it is about.

    ``stored`` gives ETag and Last-Modified; ``location`` is relative to the base address.
    """

    status: int
    resource: dict[str, Any] | None = None
    stored: Stored | None = None
    location: str | None = None


class Interaction(NamedTuple):
    """One thing the endpoint can do.

    ``codes`` are FHIR's for it (http://hl7.org/fhir/R4/valueset-type-restful-interaction.html and
    valueset-system-restful-interaction.html), or an operation's name with its ``$``. ``path`` is below the base
    address, with ``<type>``, ``<id>`` and ``<version>``. ``body`` says what the request carries. ``prepare`` belongs to
    those that write: it gives what is to be written, or the version that is there already, or None where nothing is to
    do. ``features`` is what a CapabilityStatement says beside the code.
    """

    codes: tuple[str, ...]
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    answer: Callable[[Services, Ask], Answer]
    body: Literal["none", "resource", "optional", "form"] = "none"
    prepare: Callable[[Services, Ask], Write | Stored | None] | None = None
    features: Mapping[str, Any] = {}


class Route(NamedTuple):
    """Where a method and a path lead: the interaction, and the named parts of its path."""

    interaction: Interaction
    names: Mapping[str, str]


def only(ask: Ask, *names: str) -> None:
    """Raise BadInput when ``ask`` has another parameter than ``names``: a misspelt one must not be passed over."""
    if any(name not in names for name, _ in ask.parameters):
        raise BadInput(issue("web-parameter", known=", ".join(names) or "none"))
