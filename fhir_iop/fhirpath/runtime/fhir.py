"""FHIR's own functions at run time: values, references, codes, profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.reference import canonical, parse
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.model import PRIMITIVES
from fhir_iop.fhirpath.runtime.narrative import html_checks
from fhir_iop.fhirpath.runtime.typed import TypedValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.fhirpath.context import Context
    from fhir_iop.fhirpath.model import Model

__all__ = [
    "bare_value",
    "check_modifiers",
    "conforms_to",
    "get_value",
    "has_value",
    "html_checks",
    "member_of",
    "refers_to",
    "resolved",
    "subsumes",
]

_BASE = "http://hl7.org/fhir/StructureDefinition/"


# --- values -------------------------------------------------------------------------------------------------------


def has_value(items: Sequence[TypedValue]) -> bool:
    """Whether there is exactly one item, of a primitive type, with a value."""
    return len(items) == 1 and _is_primitive(items[0]) and items[0].value is not None


def get_value(items: Sequence[TypedValue]) -> TypedValue | None:
    """Return the System value of a single primitive that has one."""
    if not has_value(items):
        return None
    item = items[0]
    return TypedValue(f"System.{PRIMITIVES[item.type]}" if item.type in PRIMITIVES else item.type, item.value)


def bare_value(item: TypedValue | None) -> Any:
    """Return an item's value."""
    return None if item is None else item.value


def _is_primitive(item: TypedValue) -> bool:
    return item.type in PRIMITIVES or item.type.startswith("System.")


# --- references ---------------------------------------------------------------------------------------------------


def resolved(reference: Any, root: Any, context: Context | None) -> dict[str, Any] | None:
    """Return the resource that a Reference (or the text of one) means: contained, or found by the context.

    A reference whose target can't be found gives None.
    """
    text = _text(reference)
    if text is None:
        return None
    if text.startswith("#"):
        return _contained(root, text[1:])
    if context is None or context.resolve is None:
        return None
    return context.resolve(text)


def refers_to(reference: Any, type_name: str, root: Any, context: Context | None, model: Model) -> bool | None:
    """Whether what a reference means is of a type: found out from the resource, or from the reference's own words.

    ``Patient/1`` says what it refers to without being followed; so does ``Reference.type``. None where neither tells.
    """
    text = _text(reference)
    if text is not None and text.startswith(type_name) and text[len(type_name) : len(type_name) + 1] == "/":
        return True
    found = resolved(reference, root, context)
    if found is not None:
        said = found.get("resourceType")
    elif text is not None and (literal := parse(text)) is not None:
        said = literal.type
    else:
        said = reference.get("type") if isinstance(reference, dict) else None
    return None if not isinstance(said, str) else said == type_name or model.is_a(said, type_name)


def _text(reference: Any) -> str | None:
    text = reference.get("reference") if isinstance(reference, dict) else reference
    return text if isinstance(text, str) else None


def _contained(root: Any, name: str) -> dict[str, Any] | None:
    if not isinstance(root, dict):
        return None
    if not name:
        return root  # a contained resource's reference to the one that holds it
    return next((resource for resource in root.get("contained", ()) if resource.get("id") == name), None)


# --- codes --------------------------------------------------------------------------------------------------------


def member_of(coded: Any, value_set: str | None, model: Model) -> bool | None:
    """Whether a code, Coding, Quantity or CodeableConcept has a code of a value set; None where that isn't known."""
    if value_set is None or coded is None:
        return None
    answers = {model.definitions.membership(value_set, system, code).name for system, code in _codes(coded)}
    if "MEMBER" in answers:
        return True
    return None if "UNKNOWN" in answers or not _is_at_hand(value_set, model) else False


def _is_at_hand(value_set: str, model: Model) -> bool:
    return model.definitions.value_set(value_set) is not None


def _codes(coded: Any) -> Iterator[tuple[str | None, str]]:
    if isinstance(coded, str):
        yield None, coded
    elif "coding" in coded:
        for coding in coded["coding"]:
            yield from _codes(coding)
    elif "code" in coded:
        yield coded.get("system", ""), coded["code"]


def subsumes(general: Any, specific: Any, model: Model) -> bool | None:
    """Whether a Coding (or CodeableConcept) means the same as another or more; None for unknown code systems."""
    unknown = False
    for system, code in _codes(general):
        for other_system, other in _codes(specific):
            if system != other_system:
                continue
            answer = code == other or _is_above(system or "", code, other, model)
            if answer:
                return True
            unknown = unknown or answer is None
    return None if unknown else False


def _is_above(system: str, code: str, below: str, model: Model) -> bool | None:
    pending = [below]
    seen: set[str] = set()
    while pending:
        concept = model.definitions.concept(system, pending.pop())
        if concept is None:
            return None
        if code in concept.parents:
            return True
        pending += [parent for parent in concept.parents if parent not in seen]
        seen.update(concept.parents)
    return False


# --- profiles -----------------------------------------------------------------------------------------------------


def conforms_to(item: TypedValue, profile: str | None, context: Context, model: Model) -> bool | None:
    """Whether an item conforms to a profile: the context's validator says so.

    Without one, a type's own definition is answered by the item's type. Raises FhirPathError for a profile that isn't
    known, and for one that only a validator could judge.
    """
    if profile is None:
        return None
    if context.conforms is not None and isinstance(item.value, dict):
        found = context.conforms(item.value, item.type, profile)
        if found is not None:
            return found
    structure = model.definitions.structure(profile) if ":" in profile else None
    if structure is None:
        raise FhirPathError("fhirpath-value", name="conformsTo", reason="the profile isn't at hand")
    if not model.is_a(item.type, structure.type):
        return False
    if structure.derivation == "constraint" or canonical(profile)[0] != _BASE + structure.type:
        raise FhirPathError("fhirpath-value", name="conformsTo", reason="the context has no validator to ask")
    return True


def check_modifiers(item: Any, known: tuple[str | None, ...]) -> None:
    """Raise FhirPathError where an item has a modifier extension that isn't named."""
    if isinstance(item, dict) and any(one.get("url") not in known for one in item.get("modifierExtension", ())):
        raise FhirPathError(
            "fhirpath-value", name="checkModifiers", reason="there is a modifier extension unknown to it"
        )
