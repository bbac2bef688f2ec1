"""``%name``: what the standard defines, what the evaluation's context holds, what the caller gives."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.plan import Constant, Listed, Plan
from fhir_iop.fhirpath.runtime.variables import variable
from fhir_iop.fhirpath.shape import Shape

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter
    from fhir_iop.fhirpath.scopes import This

# https://hl7.org/fhirpath/N1/#environment-variables and https://hl7.org/fhir/R4/fhirpath.html#variables
CONSTANTS = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}
_PREFIXES = {
    "vs-": "http://hl7.org/fhir/ValueSet/",
    "ext-": "http://hl7.org/fhir/StructureDefinition/",
}
ENVIRONMENT = ("context", "resource", "rootResource")
RESERVED = frozenset({*CONSTANTS, *ENVIRONMENT})


class Environment(Plan):
    """``%resource`` or ``%rootResource``: a raw resource; the evaluation's own input where no other is given."""

    def __init__(self, name: str, shape: Shape) -> None:
        self.name = name
        self.shape = shape

    def one(self, em: Emitter) -> str:
        return em.environment(self.name)

    def mapping(self, em: Emitter) -> str:
        return self.one(em) if self.shape.sure else super().mapping(em)


class Input(Plan):
    """``%context``: the evaluation's own input, from wherever it is asked for."""

    name = "%context"

    def __init__(self, this: This) -> None:
        self.this = this
        self.shape = this.shape

    def _is_boxed(self) -> bool:
        return self.this.boxed

    def _require_items(self) -> None:
        self.this.require_items()

    def one(self, em: Emitter) -> str:
        return self.this.one(em)

    def mapping(self, em: Emitter) -> str:
        return self.this.mapping(em)


class Given(Listed):
    """A variable of the caller, whose type shows at run time."""

    shape = Shape(None, many=True)

    def __init__(self, name: str) -> None:
        self.name = name

    def collect(self, em: Emitter) -> str:
        return f"{em.use(variable)}({em.context()}, {em.constant(self.name)})"


def constant(name: str) -> Plan | None:
    """Return the plan of a variable that the standard fixes, None for another."""
    if name in CONSTANTS:
        return Constant("String", CONSTANTS[name])
    for prefix, canonical in _PREFIXES.items():
        if name.startswith(prefix):
            return Constant("String", canonical + name.removeprefix(prefix))
    return None


def given(name: str) -> Plan:
    """Return the plan of a variable that the caller gives."""
    if not name:
        raise FhirPathError("fhirpath-variable", name=name)
    return Given(name)
