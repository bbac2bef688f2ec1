"""The codes in a value, and how they may be told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fhir_iop.definitions import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fhir_iop.definitions import Definitions

LIKE_A_CODE = re.compile(r"[\w\-.:/+%\[\]{}'*^]{1,64}")
_SYSTEM_LIKE = re.compile(r"[\w\-.:/+%#?=&~]{1,200}")

Code = tuple[str | None, str]


def codes_in(value: Any, type_: str) -> list[Code]:
    """Return (system, code) of each code in a code, string, uri, Coding, Quantity or CodeableConcept.

    The system is None where there is none, as in a `code`, whose value set gives it.
    """
    if isinstance(value, str):
        return [(None, value)]
    if not isinstance(value, dict):
        return []
    codings = value.get("coding") if type_ == "CodeableConcept" else [value]
    return [
        (coding["system"] if isinstance(coding.get("system"), str) else NO_SYSTEM, coding["code"])
        for coding in (codings if isinstance(codings, list) else ())
        if isinstance(coding, dict) and isinstance(coding.get("code"), str)
    ]


# Value sets that are all of a system whose codes follow a grammar: no list of them could be at hand.
_GRAMMARS = {
    # https://www.rfc-editor.org/rfc/rfc6838#section-4.2, with parameters; the short names are those of
    # https://hl7.org/fhir/R4/http.html#mime-type
    "http://hl7.org/fhir/ValueSet/mimetypes": re.compile(
        r"json|xml|ttl|html|"
        r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9*][A-Za-z0-9!#$&^_.+*-]{0,126}(?:\s*;\s*[^\s;=]+=[^;]+)*"
    ),
    # https://www.rfc-editor.org/rfc/rfc5646#section-2.1
    "http://hl7.org/fhir/ValueSet/all-languages": re.compile(
        r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
        r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*"
        r"(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?|[xX](?:-[A-Za-z0-9]{1,8})+"
    ),
}


def grammar_of(value_set: str) -> re.Pattern[str] | None:
    """Return the grammar that stands for a value set's codes, where one does."""
    return _GRAMMARS.get(value_set.partition("|")[0])


def membership(definitions: Definitions, value_set: str, system: str | None, code: str) -> Membership:
    """Whether a code is in a value set, by its content or by the grammar that stands for it."""
    grammar = grammar_of(value_set)
    if grammar is None:
        return definitions.membership(value_set, system, code)
    return Membership.MEMBER if grammar.fullmatch(code) else Membership.NOT_MEMBER


# https://www.rfc-editor.org/rfc/rfc3986#section-3.1
ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
URI_SYSTEM = "urn:ietf:rfc:3986"


def is_unknown(definitions: Definitions, system: str | None, code: str) -> bool:
    """Whether the code system is wholly at hand and has no such code."""
    if not system:
        return False
    if system == URI_SYSTEM:
        return ABSOLUTE_URI.fullmatch(code) is None
    code_system = definitions.code_system(system)
    if code_system is None or code_system.content != "complete" or definitions.concept(system, code) is not None:
        return False
    # A Coding seldom says which version it means; only a code that no version has is unknown.
    versions = {
        version for package in definitions.packages for version in package.versions("CodeSystem", code_system.url)
    }
    others = (f"{code_system.url}|{version}" for version in versions if version != code_system.version)
    return not any(definitions.concept(other, code) for other in others)


# A Coding without a system is in no value set: a name that no system has keeps it apart from a bare `code`.
NO_SYSTEM = ""


def quoted(codes: Iterable[Code]) -> str:
    """Return codes for a sentence; what doesn't look like a code could be anybody's free text and isn't repeated."""
    told = []
    for system, code in codes:
        shown = f"`{code}`" if LIKE_A_CODE.fullmatch(code) else "a code that isn't shown"
        told.append(f"{shown} of {system}" if system and _SYSTEM_LIKE.fullmatch(system) else shown)
    return ", ".join(told)
