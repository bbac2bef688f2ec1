"""Security labels: the codings of ``meta.security`` (https://hl7.org/fhir/R4/security-labels.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Label(NamedTuple):
    """One security label: a coding without its display."""

    system: str
    code: str


ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"

PART2: Final = Label(ACT_CODE, "42CFRPart2")
SUD: Final = Label(ACT_CODE, "SUD")
OPIOID_USE_DISORDER: Final = Label(ACT_CODE, "OPIOIDUD")
ALCOHOL_USE_DISORDER: Final = Label(ACT_CODE, "ETHUD")
NO_REDISCLOSURE: Final = Label(ACT_CODE, "NORDSCLCD")
RESTRICTED: Final = Label(CONFIDENTIALITY, "R")

SUBSTANCE_SENSITIVITIES: Final = frozenset({SUD, OPIOID_USE_DISORDER, ALCOHOL_USE_DISORDER, Label(ACT_CODE, "ETH")})
"""What says that a record is about a substance use disorder; ETH is the older word for it."""

_LEVELS: Final = {(CONFIDENTIALITY, code): level for level, code in enumerate(("U", "L", "M", "N", "R", "V"))}


def labels(resource: Mapping[str, Any]) -> tuple[Label, ...]:
    """Return the labels of ``resource`` that can be read, in their order. What isn't a coding is passed over."""
    codings = _codings(resource)
    return tuple(Label(coding["system"], coding["code"]) for coding in codings) if codings else ()


def is_protected(resource: Mapping[str, Any]) -> bool:
    """Whether ``resource`` is labelled as a record of substance use disorder treatment, by law or by content."""
    return any(label == PART2 or label in SUBSTANCE_SENSITIVITIES for label in labels(resource))


def high_water_mark(resources: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what labels a whole made of ``resources``: every label of each, and the highest confidentiality.

    https://hl7.org/fhir/R4/security-labels.html#hcs calls it the high water mark of a bundle.
    """
    return _merged(coding for resource in resources for coding in _codings(resource))


def add_labels(resource: dict[str, Any], added: Iterable[Label | dict[str, Any]]) -> dict[str, Any]:
    """Return a copy of ``resource`` that carries ``added`` too; the resource itself where it already does.

    No label is taken away, save a confidentiality that a higher one replaces. Where ``meta`` or its ``security`` isn't
    what FHIR says, the resource is returned as it is: no validator lets it pass.
    """
    meta = resource.get("meta", {})
    present = meta.get("security", []) if isinstance(meta, dict) else None
    if not isinstance(present, list):
        return resource
    codings = [label._asdict() if isinstance(label, Label) else label for label in added]
    merged = _merged([*present, *codings])
    if merged == present:
        return resource
    # A new meta stands where FHIR has it, in front of what people read the resource for.
    first = {name: resource[name] for name in ("resourceType", "id") if name in resource}
    return first | {"meta": meta} | resource | {"meta": meta | {"security": merged}}


def _codings(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    meta = resource.get("meta")
    security = meta.get("security") if isinstance(meta, dict) else None
    return [coding for coding in security if _key(coding)] if isinstance(security, list) else []


def _merged(codings: Iterable[Any]) -> list[Any]:
    """Each coding once, the unreadable ones too, and of the confidentiality levels the highest alone, at its place."""
    keyed = [(coding, _key(coding)) for coding in codings]
    highest = max((_LEVELS[key] for _, key in keyed if key in _LEVELS), default=-1)
    merged: list[Any] = []
    seen: set[tuple[str, str]] = set()
    for coding, key in keyed:
        if key is not None:
            if key in seen or _LEVELS.get(key, highest) < highest:
                continue
            seen.add(key)
        merged.append(coding)
    return merged


def _key(coding: Any) -> tuple[str, str] | None:
    if not isinstance(coding, dict):
        return None
    system, code = coding.get("system"), coding.get("code")
    return (system, code) if isinstance(system, str) and isinstance(code, str) else None
