"""Whether a value can be written where a rule says, as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.names import Coded

if TYPE_CHECKING:
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
    value = names.constant(line.constant or "", line.constant_place)
    if isinstance(value, Coded):
        names.verify(value, line.constant_place)
        if target.type == "Coding":
            return value.coding()
        if target.type == "CodeableConcept":
            return {"coding": [value.coding()]}
    elif target.is_primitive and _is(value, target.type):
        return value
    kind = target.type or "an open choice"
    names.problems.add("mapping-constant", line.constant_place, path=target.path, type=kind)
    return None


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
    binding = target.binding
    if target.type == "code" and binding is not None and binding.strength == "required":
        for value in source.shape.enum or ():
            if target.definitions.membership(binding.value_set, None, str(value)).name == "NOT_MEMBER":
                facts = {"code": value, "path": target.path, "value_set": binding.value_set}
                names.problems.add("mapping-codes-outside", line.place, **facts)
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
