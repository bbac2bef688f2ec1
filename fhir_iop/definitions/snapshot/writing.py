"""A profile with its snapshot as FHIR JSON, for those who don't generate snapshots themselves.

The facts of a snapshot are written out whole. The words that R4 asks of every element (sdf-3, eld-18) are the profile's
own where it or a profile of the same package that it derives from has them; for the rest they say where the element is
defined, since facts hold no prose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.reference import canonical as split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fhir_iop.definitions.schema import Binding, Constraint, Element, ElementType, Slicing, Structure

_HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
_SYSTEM: Final = frozenset({"Element.id", "Resource.id", "Extension.url"})
_ORDER: Final = (
    "id", "path", "representation", "sliceName", "label", "slicing", "short", "definition", "comment", "requirements",
    "alias", "min", "max", "base", "contentReference", "type", "meaningWhenMissing", "orderMeaning", "fixed", "pattern",
    "example", "minValue", "maxValue", "maxLength", "constraint", "mustSupport", "isModifier", "isModifierReason",
    "isSummary", "binding",
)  # fmt: skip
_WORDS: Final = (
    "label", "short", "definition", "comment", "requirements", "alias", "meaningWhenMissing", "orderMeaning", "example",
    "isModifierReason",
)  # fmt: skip


def with_snapshot(
    resource: dict[str, Any], structure: Structure, ancestors: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    """Return the StructureDefinition ``resource`` with ``structure``, what its differential comes to, as its snapshot.

    ``ancestors`` are the profiles of the same package that it derives from, the nearest first: an element is told in
    their words where ``resource`` has none. Source: https://hl7.org/fhir/R4/structuredefinition.html.
    """
    words = _Words((resource, *ancestors))
    elements = [_ordered(_element(element, words.of(element.id))) for element in structure.elements]
    root = elements[0]
    root["short"], root["definition"] = resource.get("title", resource["name"]), resource["description"]
    written = {}
    for key, value in resource.items():
        if key == "differential":
            written["snapshot"] = {"element": [_ordered(root), *elements[1:]]}
        written[key] = value
    return written


class _Words:
    """What profiles say of an element in words, the first of them first."""

    def __init__(self, profiles: Iterable[dict[str, Any]]) -> None:
        self._said = [{each["id"]: each for each in profile["differential"]["element"]} for profile in profiles]

    def of(self, id_: str) -> dict[str, Any]:
        """Return the words by key; those of constraints as a dict by their keys, below ``constraint``."""
        found: dict[str, Any] = {"constraint": {}}
        for said in reversed(self._said):
            element = said.get(id_, {})
            found |= {key: element[key] for key in _WORDS if key in element}
            found["constraint"] |= {each["key"]: each for each in element.get("constraint", ())}
            for key in ("binding", "slicing"):
                if "description" in element.get(key, {}):
                    found[key] = element[key]["description"]
        return found


def _ordered(element: Mapping[str, Any]) -> dict[str, Any]:
    """Order an element's keys as R4 has them; a choice (patternCoding) goes by its stem."""

    def place(key: str) -> int:
        return next(number for number, known in enumerate(_ORDER) if key == known or _is_choice(key, known))

    return {key: element[key] for key in sorted(element, key=place)}


def _is_choice(key: str, stem: str) -> bool:
    return stem in {"fixed", "pattern", "minValue", "maxValue"} and key.startswith(stem) and key[len(stem)].isupper()


def _element(element: Element, words: dict[str, Any]) -> dict[str, Any]:
    source = f"{_HL7}{element.base_path.partition('.')[0]}"
    written: dict[str, Any] = {
        "id": element.id,
        "path": element.path,
        "definition": f"{element.base_path}, as {source} defines it.",
        **{key: words[key] for key in _WORDS if key in words},
        "min": element.min,
        "max": _maximum(element.max),
        "base": {"path": element.base_path, "min": element.base_min, "max": _maximum(element.base_max)},
        "mustSupport": element.must_support,
        "isModifier": element.is_modifier,
        "isSummary": element.is_summary,
    }
    if element.is_modifier:
        written.setdefault("isModifierReason", f"{source} says why.")
    if element.xml != "element":
        written["representation"] = [element.xml]
    if element.slice_name is not None:
        written["sliceName"] = element.slice_name
    if element.slicing is not None:
        written["slicing"] = _slicing(element.slicing, words.get("slicing"))
    if element.content_reference is not None:
        # In full: a bare #Consent.provision would be the profile's own, and hold what is nested to all it says of that.
        id_ = element.content_reference.rpartition("#")[2]
        written["contentReference"] = f"{_HL7}{id_.partition('.')[0]}#{id_}"
    if element.types:
        system = element.base_path in _SYSTEM or (element.base_path.endswith(".value") and element.xml == "xmlAttr")
        written["type"] = [_type(each, system=system) for each in element.types]
    if element.max_length is not None:
        written["maxLength"] = element.max_length
    if element.constraints:
        written["constraint"] = [
            _constraint(each, words["constraint"].get(each.key, {})) for each in element.constraints
        ]
    if element.binding is not None:
        written["binding"] = _binding(element.binding, words.get("binding"))
    return written | dict(_values(element))


def _values(element: Element) -> Iterator[tuple[str, Any]]:
    for stem in ("fixed", "pattern", "min_value", "max_value"):
        told: tuple[str, Any] | None = getattr(element, stem)
        if told is not None:
            type_, value = told
            yield f"{stem.replace('_v', 'V')}{type_[:1].upper()}{type_[1:]}", value


def _maximum(number: int | None) -> str:
    return "*" if number is None else str(number)


def _slicing(slicing: Slicing, description: str | None) -> dict[str, Any]:
    by = [{"type": each.type, "path": each.path} for each in slicing.discriminators]
    return {
        **({"discriminator": by} if by else {}),
        **({"description": description} if description else {}),
        "ordered": slicing.ordered,
        "rules": slicing.rules,
    }


def _type(type_: ElementType, *, system: bool) -> dict[str, Any]:
    """Write a type; ids and urls as R4 does, by FHIRPath's own type with FHIR's in an extension."""
    told = {"extension": [{"url": f"{_HL7}structuredefinition-fhir-type", "valueUrl": type_.code}]} if system else {}
    return {
        **told,
        "code": "http://hl7.org/fhirpath/System.String" if system else type_.code,
        **({"profile": list(type_.profiles)} if type_.profiles else {}),
        **({"targetProfile": list(type_.target_profiles)} if type_.target_profiles else {}),
        **({"aggregation": list(type_.aggregation)} if type_.aggregation else {}),
        **({"versioning": type_.versioning} if type_.versioning else {}),
    }


def _constraint(constraint: Constraint, words: dict[str, Any]) -> dict[str, Any]:
    best = {"extension": [{"url": f"{_HL7}elementdefinition-bestpractice", "valueBoolean": True}]}
    human = constraint.human or f"{constraint.key}, as {split(constraint.source or '')[0] or 'its source'} says it."
    return {
        **(best if constraint.best_practice else {}),
        "key": constraint.key,
        **({"requirements": words["requirements"]} if "requirements" in words else {}),
        "severity": constraint.severity,
        "human": human,
        **({"expression": constraint.expression} if constraint.expression else {}),
        **({"source": constraint.source} if constraint.source else {}),
    }


def _binding(binding: Binding, description: str | None) -> dict[str, Any]:
    most = [{"url": f"{_HL7}elementdefinition-maxValueSet", "valueCanonical": binding.max_value_set}]
    return {
        **({"extension": most} if binding.max_value_set else {}),
        "strength": binding.strength,
        **({"description": description} if description else {}),
        "valueSet": binding.value_set,
    }
