"""What the generated functions call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.dosage_reading import dosage_of
from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

UCUM = "http://unitsofmeasure.org"
EMPTY: dict[str, Any] = {}  # stands for an object that isn't there; never written to
_QUANTITY = frozenset({"value", "unit", "system", "code"})
_STRUCTURED = frozenset({"timing", "asNeededBoolean", "asNeededCodeableConcept", "route", "doseAndRate"})
_REFERENCE = frozenset({"reference", "identifier", "display", "type"})


def matches(value: Any, pattern: Any) -> bool:
    """Whether ``value`` holds all of ``pattern``, as FHIR's ``pattern[x]`` means it; None stands for absence."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            name not in value if inner is None else name in value and matches(value[name], inner)
            for name, inner in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(matches(item, inner) for item in value) for inner in pattern)
    return bool(value == pattern)


def known_concept(concept: dict[str, Any], words: Mapping[tuple[Any, Any], Any]) -> Any:
    """Return the word for the first coding that has one, or None."""
    for coding in concept.get("coding", ()):
        word = words.get((coding.get("system"), coding.get("code")))
        if word is not None:
            return word
    return None


def known_quantity(quantity: dict[str, Any], words: Mapping[tuple[Any, Any], Any]) -> dict[str, Any] | None:
    """Return ``{amount, unit}`` of a Quantity that says nothing else and whose unit has a word, or None."""
    word = words.get((quantity.get("system"), quantity.get("code")))
    if word is None or "value" not in quantity or not quantity.keys() <= _QUANTITY:
        return None
    return {"amount": quantity["value"], "unit": word}


def known_range(range_: dict[str, Any], words: Mapping[tuple[Any, Any], Any]) -> dict[str, Any] | None:
    """Return ``{low, high, unit}`` of a Range whose ends have one unit that has a word, or None."""
    low, high = known_quantity(range_.get("low") or EMPTY, words), known_quantity(range_.get("high") or EMPTY, words)
    if low is None or high is None or low["unit"] != high["unit"] or len(range_) > 2:
        return None
    return {"low": low["amount"], "high": high["amount"], "unit": low["unit"]}


def known_amount(quantity: dict[str, Any], system: str, code: str) -> Any:
    """Return the value of a Quantity in the one unit that is meant and that says nothing else, or None."""
    if quantity.get("code") != code or quantity.get("system") != system:
        return None
    return quantity.get("value") if quantity.keys() <= _QUANTITY else None


def known_ucum(quantity: dict[str, Any]) -> dict[str, Any] | None:
    """Return ``{amount, unit}`` of a Quantity in UCUM that says nothing else, or None."""
    if quantity.get("system") != UCUM or "value" not in quantity or "code" not in quantity:
        return None
    if not quantity.keys() <= _QUANTITY or quantity.get("unit", quantity["code"]) != quantity["code"]:
        return None
    return {"amount": quantity["value"], "unit": quantity["code"]}


def known_reference(reference: dict[str, Any], system: str, end: str) -> str | None:
    """Return the program's id behind a Reference to what ``system`` identifies, without its ``end``, or None."""
    identifier = reference.get("identifier") or EMPTY
    if identifier.get("system") != system or not reference.keys() <= _REFERENCE:
        return None
    value: str = identifier.get("value", "")
    if not end:
        return value or None
    return value.removesuffix(end) if value.endswith(end) else None


def known_reference_any(
    reference: dict[str, Any], systems: Mapping[str, str], types: Mapping[tuple[str, str], str]
) -> str | None:
    """Return ``kind/id`` behind a Reference to what one of ``systems`` identifies, or None."""
    identifier = reference.get("identifier") or EMPTY
    kind = systems.get(identifier.get("system", ""))
    value = identifier.get("value", "")
    if kind is None or not value or not reference.keys() <= _REFERENCE:
        return None
    return f"{kind}/{value}" if (kind, _role(value)) in types else None


def reference_any(
    id_of: Callable[[str, str], str],
    named: str,
    types: Mapping[tuple[str, str], str],
    systems: Mapping[str, str],
    where: str,
    issues: list[Issue],
) -> dict[str, Any]:
    """Return the Reference to what ``named`` (``kind/id``, and a part's role and key behind it) calls.

    A part that records of the kind don't have is a finding at ``where``.
    """
    kind, _, value = named.partition("/")
    resource = types.get((kind, _role(value)))
    if resource is None:
        roles = sorted(role or "(none)" for known, role in types if known == kind)
        issues.append(issue("record-part", where, kind=kind, parts=", ".join(roles)))
        return {}
    return {"reference": f"{resource}/{id_of(kind, value)}", "identifier": {"system": systems[kind], "value": value}}


def _role(value: str) -> str:
    return [*value.split("/", 2), ""][1]


def is_part(reference: Any, system: str, record: str, end: str) -> bool:
    """Whether a Reference leads to a part of the record itself; ``end`` begins with the part's role."""
    identifier = (reference.get("identifier") if isinstance(reference, dict) else None) or EMPTY
    value = identifier.get("value", "")
    return identifier.get("system") == system and (value == record + end or value.startswith(f"{record}{end}/"))


def spoken(units: Mapping[str, Mapping[str, Any]], dosage: dict[str, Any]) -> dict[str, Any]:
    """Return a Dosage of which somebody has kept our sentence alone with what that says; any other as it is."""
    text = dosage.get("text")
    if not isinstance(text, str) or dosage.keys() & _STRUCTURED:
        return dosage
    return {**(dosage_of(text, units) or EMPTY), **dosage}


def by_position(items: Iterable[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return ``items`` in the order that their element ``name`` numbers them; those without a number stay behind."""
    return sorted(items, key=lambda item: item.get(name) or 1_000_000)


# --- findings of the way back ----------------------------------------------------------------------------------------


def unread(issues: list[Issue], where: str, names: Iterable[str]) -> None:
    """Report elements that no rule reads; one that changes the meaning stops the record."""
    for name in sorted(names):
        rule = "mapping-modifier" if name in {"modifierExtension", "implicitRules"} else "mapping-unread"
        issues.append(issue(rule, f"{where}.{name}"))


def unknown(issues: list[Issue], where: str) -> None:
    """Report a value that the mapping has no word for."""
    issues.append(issue("mapping-unknown", where))


def changed(issues: list[Issue], where: str) -> None:
    """Report a value that the mapping always writes otherwise."""
    issues.append(issue("mapping-changed", where))


def differs(issues: list[Issue], where: str, field: str) -> None:
    """Report that two places say different things of one field."""
    issues.append(issue("mapping-differs", where, field=field))
