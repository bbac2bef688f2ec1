"""The present moment (https://hl7.org/fhirpath/N1/#current-date-and-time-functions) and parts of a date."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.registry import Call, Function
from fhir_iop.fhirpath.plan import Nothing, Plan
from fhir_iop.fhirpath.runtime.dates import field_of
from fhir_iop.fhirpath.scalar import ScalarCall, accepts
from fhir_iop.fhirpath.shape import system

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter

_FIELDS = {"yearOf": 0, "monthOf": 1, "dayOf": 2, "hourOf": 3, "minuteOf": 4, "secondOf": 5, "millisecondOf": 6}


class Present(Plan):
    """``now()``, ``today()`` and ``timeOfDay()``: the context's clock, the same for one evaluation."""

    def __init__(self, name: str, gives: str) -> None:
        self.name = name
        self.shape = system(gives, sure=True)

    def one(self, em: Emitter) -> str:
        attribute = {"now": "now_text", "today": "today_text", "timeOfDay": "time_text"}[self.name]
        return f"{em.context()}.{attribute}"


class Field(ScalarCall):
    """``yearOf()`` and its kin."""

    def compute(self, em: Emitter, values: list[str]) -> str:
        return f"{em.use(field_of)}({values[0]}, {_FIELDS[self.name]})"


def _field(call: Call) -> Plan:
    shape = call.source.shape
    if shape.is_empty:
        return Nothing()
    kind = shape.category or "DateTime"
    if not any(accepts(shape, wanted) for wanted in ("DateTime", "Time")) or kind not in ("Date", "DateTime", "Time"):
        raise FhirPathError("fhirpath-type", name=call.name, found=shape.described(), expected="a date or time")
    return Field(call.name, "Integer", [(call.source, kind)], field_of, partial=True)


def _present(name: str, gives: str) -> Callable[[Call], Plan]:
    return lambda _: Present(name, gives)


FUNCTIONS = (
    Function("now", (), _present("now", "DateTime")),
    Function("today", (), _present("today", "Date")),
    Function("timeOfDay", (), _present("timeOfDay", "Time")),
    *(Function(name, (), _field) for name in _FIELDS),
)
