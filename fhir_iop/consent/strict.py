"""Reading a Consent strictly: what isn't of the kind that FHIR says ends the reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import date, reference
from fhir_iop.fhir.security import Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class UnreadableError(Exception):
    """A Consent that can't be understood; the message says what in it, and nothing of what it holds."""


def reached(text: Any, at: datetime) -> bool | None:
    """Whether ``at`` lies in or after what ``text`` names; None where a time without a zone can't tell."""
    order = _order(text, at)
    return order <= 0 if order is not None else None


def passed(text: Any, at: datetime) -> bool | None:
    """Whether ``at`` lies after all of what ``text`` names: an end of 2026-12 includes the month's last day."""
    order = _order(text, at)
    return order < 0 if order is not None else None


def _order(text: Any, at: datetime) -> int | None:
    moment = date.parse(text) if isinstance(text, str) else None
    now = date.parse(at.isoformat())
    if moment is None or now is None:
        raise UnreadableError("a date in it is none")
    order = date.compare(moment, now)
    return 0 if order is None and not moment.has_time else order


def unversioned(text: str) -> str:
    """Return a reference without the version it may name."""
    parsed = reference.parse(text)
    if parsed is None:
        return text
    return f"{parsed.base}/{parsed.local}" if parsed.base else parsed.local


def no_modifiers(element: Mapping[str, Any]) -> None:
    """Refuse an element that says that something else changes its meaning."""
    if element.get("modifierExtension") or element.get("implicitRules"):
        raise UnreadableError("it has a modifier that is not known here")


def list_of(element: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list ``name``, empty where there is none."""
    found = element.get(name, [])
    if not isinstance(found, list):
        raise UnreadableError(f"its {name} is no list")
    return found


def object_of(value: Any) -> Mapping[str, Any]:
    """Return ``value``, which must be an object."""
    if not isinstance(value, dict):
        raise UnreadableError("a part of it is no object")
    return value


def codings(element: Mapping[str, Any], name: str) -> list[Label]:
    """Return the Codings in the list ``name``."""
    return [_coding(coding) for coding in list_of(element, name)]


def concept(value: Any) -> list[Label]:
    """Return the Codings of a CodeableConcept."""
    return codings(object_of(value), "coding")


def _coding(coding: Any) -> Label:
    code = object_of(coding).get("code")
    if not isinstance(code, str):
        raise UnreadableError("a coding in it has no code")
    return Label(str(coding.get("system")), code)
