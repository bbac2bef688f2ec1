"""What a rule's conversion is in FHIR's mapping language (https://hl7.org/fhir/R4/valueset-map-transform.html)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.functions.codes import Codes, Words
from fhir_iop.mapping.functions.computed import Identity, PartReference, PartReferences
from fhir_iop.mapping.functions.moments import Day, Time
from fhir_iop.mapping.functions.quantities import Quantity, Range, Ucum, Unit
from fhir_iop.mapping.functions.references import Reference
from fhir_iop.mapping.functions.texts import Prefix
from fhir_iop.mapping.reports.conceptmap import address
from fhir_iop.mapping.runtime import UCUM

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.mapping.functions import Role
    from fhir_iop.mapping.plan import Plan
    from fhir_iop.mapping.rules import Leaf

Rule = dict[str, Any]

_NO_ID = "Reference.reference, whose id is a keyed hash"


@dataclass
class Said:
    """The rest of a rule's target, the rules inside it, and what of the conversion can't be said."""

    target: Rule
    rules: list[Rule] = field(default_factory=list)
    unsaid: str = ""


def transform(
    leaf: Leaf,
    value: str,
    plan: Plan,
    base: str,
    name: Callable[[str], str],
    tables: dict[str, Any],
    role: Role | None,
) -> Said:
    """Return what ``leaf`` does to the value in the variable ``value``; tables of codes are noted in ``tables``."""
    maker = _Maker(value, plan, base, name, tables)
    if leaf.computed is not None:
        return maker.computed(leaf, role)
    if leaf.source is None:
        return maker.constant(leaf.constant)
    function = leaf.function
    if function is None:
        return _copy(value)
    for kind, said in maker.by_kind.items():
        if isinstance(function, kind):
            return said(function)
    return Said({}, [], f"the function {function.name}()")


def _copy(value: str) -> Said:
    return Said({"transform": "copy", "parameter": [{"valueId": value}]})


def _call(transform_: str, *parameters: Rule) -> Rule:
    return {"transform": transform_, "parameter": list(parameters)}


class _Maker:
    def __init__(self, value: str, plan: Plan, base: str, name: Callable[[str], str], tables: dict[str, Any]) -> None:
        self._value = value
        self._plan = plan
        self._base = base
        self._name = name
        self._tables = tables
        # the more special first: a Range is a Quantity, which takes its table as codes do
        self.by_kind: dict[type, Callable[[Any], Said]] = {
            Range: self._range,
            Quantity: self._quantity,
            Codes: self._codes,
            Words: self._words,
            Unit: self._unit,
            Ucum: self._ucum,
            Reference: self._reference,
            Time: lambda _: _copied(value, "the offset of a local time in the program's zone"),
            Day: lambda _: _copy(value),
            Prefix: self._prefix,
        }

    # --- constants and what is computed ------------------------------------------------------------------------------

    def constant(self, value: Any) -> Said:
        """Write a constant: a plain value, a Coding or a CodeableConcept."""
        if not isinstance(value, dict):
            kinds = {bool: "valueBoolean", int: "valueInteger"}
            return Said(_call("copy", {kinds.get(type(value), "valueString"): value}))
        coding = value["coding"][0] if "coding" in value else value
        parts = [{"valueString": coding[part]} for part in ("system", "code", "display") if part in coding]
        return Said(_call("cc" if "coding" in value else "c", *parts))

    def computed(self, leaf: Leaf, role: Role | None) -> Said:
        """Write an identifier or a reference by it; a sentence, a narrative and a position can't be said."""
        computed = leaf.computed
        if isinstance(computed, Identity):
            end = f"/{role.name}" if role is not None and role.name else ""
            unsaid = "the key behind the part's name" if role is not None and role.many else ""
            return self._identifier(self._plan.kind, end, unsaid)
        if isinstance(computed, PartReferences):
            return Said({}, [], f"{computed.call}")
        if isinstance(computed, PartReference):
            return self._to(self._plan.kind, f"/{computed.role.name}" if computed.role.name else "", _NO_ID)
        return Said({}, [], f"{computed.call}" if computed is not None else "")

    def _identifier(self, kind: str, end: str, unsaid: str) -> Said:
        made = self._name("t")
        return Said({"variable": made}, self._system_and_value(made, kind, end), unsaid)

    def _system_and_value(self, made: str, kind: str, end: str) -> list[Rule]:
        value = _call("append", {"valueId": self._value}, {"valueString": end}) if end else None
        return [
            self._put(made, "system", _call("copy", {"valueString": self._plan.context.system(kind)})),
            self._put(made, "value", value or _call("copy", {"valueId": self._value})),
        ]

    def _put(self, made: str, element: str, what: Rule, variable: str = "") -> Rule:
        """Return a rule that writes one element of the variable ``made``."""
        target = {"context": made, "contextType": "variable", "element": element, **what}
        return {"name": self._name(element), "source": [{"context": variable or self._value}], "target": [target]}

    # --- conversions -------------------------------------------------------------------------------------------------

    def _codes(self, function: Codes) -> Said:
        if function.target.type == "boolean":
            return Said({}, [], f"{function.call}: a table can't be translated to true and false")
        output = function.target.type if function.coded else "code"
        return Said(self._translated(function, self._value, output))

    def _translated(self, function: Any, value: str, output: str) -> Rule:
        name = function.call.arguments[0]
        binding = function.target.binding
        self._tables[name] = (self._plan.context.names.codes[name], binding.value_set if binding is not None else None)
        url = address(name, self._plan, self._base)
        return _call("translate", {"valueId": value}, {"valueString": url}, {"valueString": output})

    def _words(self, function: Words) -> Said:
        unsaid = "several values in one text, with commas" if function.source.shape.kind == "array" else ""
        return Said(self._translated(function, self._value, "display"), [], unsaid)

    def _unit(self, function: Unit) -> Said:
        unit = (function.display, function.system, function.code)
        return Said(_call("qty", {"valueId": self._value}, *({"valueString": str(one)} for one in unit)))

    def _quantity(self, function: Quantity) -> Said:
        made = self._name("t")
        return Said({"variable": made}, self._amount(function, made, "amount"))

    def _range(self, function: Range) -> Said:
        made = self._name("t")
        rules = []
        for end in ("low", "high"):
            inner = self._name("t")
            put = self._put(made, end, {"variable": inner})
            rules.append({**put, "rule": self._amount(function, inner, end)})
        return Said({"variable": made}, rules)

    def _amount(self, function: Any, made: str, field_: str) -> list[Rule]:
        amount, unit = self._name("v"), self._name("v")
        rules = [self._put(made, "value", _call("copy", {"valueId": amount}))]
        rules[0]["source"] = [{"context": self._value, "element": field_, "variable": amount}]
        source = [{"context": self._value, "element": "unit", "variable": unit}]
        for element in ("unit", "code"):
            output = "display" if element == "unit" else "code"
            rules.append({**self._put(made, element, self._translated(function, unit, output)), "source": source})
        rules.append(self._put(made, "system", _call("copy", {"valueString": UCUM})))
        return rules

    def _ucum(self, _: Ucum) -> Said:
        made, amount, unit = self._name("t"), self._name("v"), self._name("v")
        value = self._put(made, "value", _call("copy", {"valueId": amount}))
        rules = [{**value, "source": [{"context": self._value, "element": "amount", "variable": amount}]}]
        for element in ("unit", "code"):
            put = self._put(made, element, _call("copy", {"valueId": unit}))
            rules.append({**put, "source": [{"context": self._value, "element": "unit", "variable": unit}]})
        rules.append(self._put(made, "system", _call("copy", {"valueString": UCUM})))
        return Said({"variable": made}, rules)

    def _reference(self, function: Reference) -> Said:
        if not function.open:
            ((kind, role),) = function.types
            return self._to(kind, f"/{role}" if role else "", _NO_ID)
        # FHIR's language could cut the text with `evaluate`, but HL7's validator knows no variables in its expression.
        return Said({}, [], f"{function.call.name}() of one of several kinds: the field says kind and id in one text")

    def _to(self, kind: str, end: str, unsaid: str) -> Said:
        made, inner = self._name("t"), self._name("t")
        rules = self._system_and_value(inner, kind, end)
        return Said({"variable": made}, [{**self._put(made, "identifier", {"variable": inner}), "rule": rules}], unsaid)

    def _prefix(self, function: Prefix) -> Said:
        return Said(_call("append", {"valueString": function.text}, {"valueId": self._value}))


def _copied(value: str, unsaid: str) -> Said:
    return Said({"transform": "copy", "parameter": [{"valueId": value}]}, [], unsaid)
