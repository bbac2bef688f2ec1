"""A profile as a person reads it: its elements as a tree, each with what the profile asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Constraint, Element, ElementType, Structure


@dataclass(frozen=True, slots=True)
class Line:
    """One element: its id, how deep it lies, its name, how often it may be there, its types, what else is asked."""

    id: str
    depth: int
    name: str
    cardinality: str
    types: str
    is_must_support: bool
    asked: tuple[str, ...]
    constraints: tuple[Constraint, ...]


def outline(profile: Structure, definitions: Definitions, *, everything: bool = False) -> Iterator[Line]:
    """Go through the elements of ``profile`` that say more than its type does, and what they lie in; or through all.

    Of a type itself all are told.
    """
    of_type = definitions.type(profile.type)
    everything = everything or profile.derivation != "constraint"
    plain = of_type.by_id if of_type is not None and of_type is not profile else {}
    shown = {profile.elements[0].id}
    shown |= {element.id for element in profile.elements if everything or _says_more(element, plain.get(element.id))}
    around = {identifier[:at] for identifier in shown for at in range(len(identifier)) if identifier[at] == "."}
    for element in profile.elements:
        if element.id in shown or element.id in around:
            yield _line(element, plain.get(element.id))


def _says_more(element: Element, plain: Element | None) -> bool:
    if plain is None:
        # A slice, or an element of a data type: there because something is said of it, or as it is in the type.
        said = element.must_support or element.min > 0 or element.slice_name is not None or element.max == 0
        return said or element.fixed is not None or element.pattern is not None
    ours = (element.min, element.max, element.types, element.binding, element.fixed, element.pattern, element.slicing)
    theirs = (plain.min, plain.max, plain.types, plain.binding, plain.fixed, plain.pattern, plain.slicing)
    return element.must_support or _added(element, plain) != () or ours != theirs


def _added(element: Element, plain: Element | None) -> tuple[Constraint, ...]:
    known = {constraint.key for constraint in plain.constraints} if plain is not None else {"ele-1", "ext-1"}
    return tuple(constraint for constraint in element.constraints if constraint.key not in known)


def _line(element: Element, plain: Element | None) -> Line:
    name = element.name if element.slice_name is None else f"{element.name}:{element.slice_name}"
    most = "*" if element.max is None else element.max
    types = "" if element.max == 0 else " | ".join(dict.fromkeys(map(_type, element.types)))
    return Line(
        element.id,
        element.id.count("."),
        name,
        f"{element.min}..{most}",
        types,
        element.must_support,
        () if element.max == 0 else tuple(_asked(element)),
        _added(element, plain),
    )


def _type(one: ElementType) -> str:
    targets = ", ".join(_last(target) for target in one.target_profiles)
    profiles = ", ".join(_last(profile) for profile in one.profiles)
    return f"{one.code}({targets or profiles})" if targets or profiles else one.code


def _last(canonical: str) -> str:
    return canonical.partition("|")[0].rpartition("/")[2]


def _asked(element: Element) -> Iterator[str]:
    if element.slicing is not None and element.slicing.discriminators:
        told = ", ".join(f"{each.type} of {each.path}" for each in element.slicing.discriminators)
        yield f"sliced by {told} ({element.slicing.rules})"
    if element.fixed is not None:
        yield f"fixed: {_value(element.fixed[1])}"
    if element.pattern is not None:
        yield f"pattern: {_value(element.pattern[1])}"
    if element.min_value is not None:
        yield f"at least {_value(element.min_value[1])}"
    if element.max_value is not None:
        yield f"at most {_value(element.max_value[1])}"
    if element.binding is not None and element.binding.strength != "example":
        yield f"{element.binding.strength}: {element.binding.value_set}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        if "coding" in value:
            return ", ".join(map(_value, value["coding"]))
        if "code" in value and "system" in value:
            return f"{value['system']}#{value['code']}"
    return value if isinstance(value, str) else json.encode(value).decode()
