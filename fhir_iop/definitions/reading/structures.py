"""StructureDefinition and ElementDefinition (https://hl7.org/fhir/R4/elementdefinition.html) → Structure, Element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from fhir_iop.definitions.schema import (
    Binding,
    Constraint,
    Discriminator,
    Element,
    ElementType,
    Slicing,
    Structure,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
_FROM_R5: Final = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition."
_FHIRPATH_SYSTEM: Final = "http://hl7.org/fhirpath/System."

PRIMITIVES: Final = frozenset({
    "base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer",
    "integer64", "markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "xhtml",
})  # fmt: skip
_CONTROLS: Final = frozenset({
    "minLength", "regex", "maxDecimalPlaces", "maxSize", "mimeType", "narrative-language-control",
    "narrative-source-control", "mustHaveValue", "valueAlternatives",
})  # fmt: skip
_XML: Final[dict[str, Literal["xmlAttr", "xmlText", "xhtml"]]] = {way: way for way in ("xmlAttr", "xmlText", "xhtml")}


def structure_of(resource: dict[str, Any], elements: tuple[Element, ...] | None = None) -> Structure:
    """Return the Structure that a StructureDefinition's snapshot says; ``elements`` stand in for a missing snapshot.

    Raises KeyError, TypeError or ValueError where the resource isn't what R4 calls a StructureDefinition.
    """
    if elements is None:
        elements = tuple(map(element_of, resource["snapshot"]["element"]))
    return Structure(
        url=resource["url"],
        version=resource.get("version", ""),
        name=resource.get("name", ""),
        type=resource["type"],
        kind=resource["kind"],
        abstract=resource.get("abstract", False),
        base=resource.get("baseDefinition"),
        derivation=resource.get("derivation"),
        elements=elements,
        context=tuple((context["type"], context["expression"]) for context in resource.get("context", ())),
        context_invariants=tuple(resource.get("contextInvariant", ())),
    )


def element_of(element: dict[str, Any]) -> Element:
    """Return the Element that one ElementDefinition of a snapshot says."""
    base = element.get("base", {})
    types = tuple(map(type_of, element.get("type", ())))
    if base.get("path") == "Resource.id":
        # R4's package says string here; the specification says id, and later packages do
        # (https://hl7.org/fhir/R4/resource-definitions.html#Resource.id).
        types = (ElementType("id"),)
    return Element(
        id=element.get("id") or element["path"],
        path=element["path"],
        min=element["min"],
        max=maximum(element["max"]),
        types=types,
        slice_name=element.get("sliceName"),
        slicing=slicing_of(element.get("slicing")),
        content_reference=element.get("contentReference"),
        binding=binding_of(element.get("binding")),
        fixed=typed_value(element, "fixed"),
        pattern=typed_value(element, "pattern"),
        constraints=tuple(map(constraint_of, element.get("constraint", ()))),
        must_support=element.get("mustSupport", False),
        is_modifier=element.get("isModifier", False),
        is_summary=element.get("isSummary", False),
        min_value=typed_value(element, "minValue"),
        max_value=typed_value(element, "maxValue"),
        max_length=element.get("maxLength"),
        base_path=base.get("path", element["path"]),
        base_min=base.get("min", element["min"]),
        base_max=maximum(base.get("max", element["max"])),
        xml=next((_XML[way] for way in element.get("representation", ()) if way in _XML), "element"),
        controls=tuple(controls_of(element)),
    )


def maximum(text: str) -> int | None:
    """Return ``ElementDefinition.max`` as a number, None for ``*``."""
    return None if text == "*" else int(text)


def type_of(entry: dict[str, Any]) -> ElementType:
    """Return one entry of ``ElementDefinition.type``.

    R4 types the id and value of its primitives by FHIRPath's System types and tells the FHIR type in an extension.
    """
    code: str = entry["code"]
    if code.startswith(_FHIRPATH_SYSTEM):
        told = extension(entry, "structuredefinition-fhir-type")
        code = told or _as_primitive(code.removeprefix(_FHIRPATH_SYSTEM))
    return ElementType(
        code,
        tuple(entry.get("profile", ())),
        tuple(entry.get("targetProfile", ())),
        tuple(entry.get("aggregation", ())),
        entry.get("versioning"),
    )


def slicing_of(slicing: dict[str, Any] | None) -> Slicing | None:
    """Return ``ElementDefinition.slicing``."""
    if slicing is None:
        return None
    by = tuple(Discriminator(one["type"], one["path"]) for one in slicing.get("discriminator", ()))
    return Slicing(by, slicing.get("rules", "open"), slicing.get("ordered", False))


def binding_of(binding: dict[str, Any] | None) -> Binding | None:
    """Return ``ElementDefinition.binding``; None where it names no value set and so binds nothing."""
    if binding is None or "valueSet" not in binding:
        return None
    return Binding(
        binding.get("strength", "example"), binding["valueSet"], extension(binding, "elementdefinition-maxValueSet")
    )


def constraint_of(constraint: dict[str, Any]) -> Constraint:
    """Return one invariant; one that is told in words only has an empty expression."""
    return Constraint(
        key=constraint["key"],
        severity=constraint.get("severity", "error"),
        expression=constraint.get("expression", ""),
        human=constraint.get("human", ""),
        source=constraint.get("source"),
        best_practice=bool(extension(constraint, "elementdefinition-bestpractice")),
    )


def controls_of(element: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Go through what HL7's extensions on an element ask of its values, as ``(name, value)``."""
    for one in element.get("extension", ()):
        name = one["url"].removeprefix(_HL7).removeprefix(_FROM_R5)
        if name in _CONTROLS:
            yield name, next((value for key, value in one.items() if key.startswith("value")), None)


def typed_value(element: dict[str, Any], prefix: str) -> tuple[str, Any] | None:
    """Return ``(type, value)`` of the choice element ``prefix[x]``, or None."""
    for name, value in element.items():
        if name.startswith(prefix) and name != prefix:
            return _as_primitive(name.removeprefix(prefix)), value
    return None


def extension(carrier: dict[str, Any], name: str) -> Any:
    """Return the value of HL7's extension called ``name`` on ``carrier``, or None."""
    for one in carrier.get("extension", ()):
        if one["url"] == _HL7 + name:
            return next((value for key, value in one.items() if key.startswith("value")), None)
    return None


def _as_primitive(suffix: str) -> str:
    """Turn ``Uri`` into ``uri`` and leave ``Quantity``."""
    lower = suffix[:1].lower() + suffix[1:]
    return lower if lower in PRIMITIVES else suffix
