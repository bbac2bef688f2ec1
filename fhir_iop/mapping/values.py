"""Whether a value can be written where a rule says, as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.names import Coded
from fhir_iop.mapping.refusal import hint
from fhir_iop.mapping.runtime import matches

if TYPE_CHECKING:
    from fhir_iop.mapping.document import Place, Problems
    from fhir_iop.mapping.lines import Line
    from fhir_iop.mapping.names import Names
    from fhir_iop.mapping.rules import Source
    from fhir_iop.mapping.shapes import Shape
    from fhir_iop.mapping.targets import Target

_STRINGS = frozenset({"string", "markdown", "code", "id", "uri", "url", "canonical", "oid", "uuid", "time"})
_DATES = frozenset({"date", "dateTime", "instant"})
_INTEGERS = frozenset({"integer", "unsignedInt", "positiveInt"})
_LEAST = {"unsignedInt": 0, "positiveInt": 1}


def constant(line: Line, target: Target, names: Names) -> Any:
    """Return the constant of a rule as the element takes it; None, with a finding, where it can't."""
    value, place = names.constant(line.constant or "", line.constant_place), line.constant_place
    if isinstance(value, Coded) and target.type in {"Coding", "CodeableConcept"}:
        names.verify(value, place)
        bound(target, value, names.problems, place)
        return _fixed(
            {"coding": [value.coding()]} if target.type == "CodeableConcept" else value.coding(), target, names, place
        )
    if target.is_primitive and not isinstance(value, Coded) and _is(value, target.type):
        if target.type == "code":
            bound(target, Coded(value), names.problems, place)
        return _fixed(value, target, names, place)
    names.problems.add("mapping-constant", place, path=target.path, type=target.type or "an open choice")
    return None


def _fixed(value: Any, target: Target, names: Names, place: Place) -> Any:
    """Return ``value``; report it where the profile fixes another."""
    wanted = target.element.fixed or target.element.pattern
    if wanted is not None and not (value == wanted[1] if target.element.fixed else matches(value, wanted[1])):
        names.problems.add("mapping-fixed", place, path=target.path, wanted=_said(wanted[1]))
    return value


def _said(value: Any) -> str:
    """Return a fixed value as a mapping's author would look for it: of a concept, its codes."""
    if isinstance(value, dict):
        codings = value.get("coding", [value])
        return ", ".join(f"{one.get('system', '')}#{one.get('code', '')}" for one in codings if isinstance(one, dict))
    return str(value)


def bound(target: Target, coded: Coded, problems: Problems, place: Place) -> None:
    """Report a code that isn't in the value set that the element's codes must come from, as far as that is known.

    A code without a system is looked for among all codes of the value set.
    """
    binding = target.binding
    if binding is None or binding.strength != "required":
        return
    definitions = target.definitions
    if definitions.membership(binding.value_set, coded.system, str(coded.code)).name == "NOT_MEMBER":
        hinted = hint(str(coded.code), definitions.codes(binding.value_set) or ())
        facts = {"code": coded.code, "path": target.path, "value_set": binding.value_set}
        problems.add("mapping-codes-outside", place, **facts, hint=hinted)


def measured(target: Target, unit: Coded, problems: Problems, place: Place) -> None:
    """Report a unit that the profile doesn't take in the Quantity ``target``: it fixes another, or binds to others."""
    inner = target.children.get("code")
    if inner is None:
        return
    fixed, binding, definitions = inner.element.fixed or inner.element.pattern, inner.binding, target.definitions
    if fixed is not None:
        wanted = {str(fixed[1])}
    elif binding is not None and binding.strength == "required":
        if definitions.membership(binding.value_set, unit.system, str(unit.code)).name != "NOT_MEMBER":
            return
        wanted = set(definitions.codes(binding.value_set) or ())
    else:
        return
    if str(unit.code) not in wanted:
        problems.add("mapping-unit", place, unit=unit.code, path=target.path, wanted=" or ".join(sorted(wanted)))


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, int):
        return kind in _INTEGERS or kind == "decimal"
    return kind in _STRINGS or kind in _DATES


def fits(line: Line, target: Target, source: Source, names: Names) -> bool:
    """Whether a field can be written without a function; report where it can't."""
    if not target.is_primitive or not _same(source.shape, target.type):
        kinds = {"kind": source.shape.kind, "type": target.type or "an open choice"}
        place = line.path[-1].place
        names.problems.add("mapping-type", place, field=str(source), path=target.path, **kinds)
        return False
    if target.type == "code":
        for value in source.shape.enum or ():
            bound(target, Coded(value), names.problems, line.place)
    return True


def _same(shape: Shape, kind: str) -> bool:
    """Whether a field's JSON value is, as it stands, a value of the FHIR type ``kind``."""
    if shape.kind == "boolean":
        return kind == "boolean"
    if shape.kind == "number":
        return kind == "decimal"
    if shape.kind == "integer":
        least = _LEAST.get(kind)
        return kind == "decimal" or (kind in _INTEGERS and (least is None or shape.schema.get("minimum", -1) >= least))
    if shape.schema.get("format") == "date":
        return kind in {"date", "dateTime"}
    return shape.kind == "string" and kind in _STRINGS
