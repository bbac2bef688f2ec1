"""Functions that are computed by the kind of their input: settled beforehand where that is known, else at run time."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.plan import Boxed, Nothing, Plan
from fhir_iop.fhirpath.runtime.by_kind import BY_KIND, of_kind
from fhir_iop.fhirpath.scalar import ScalarCall, accepts, check_one, scalar
from fhir_iop.fhirpath.shape import Shape

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter


class OfKind(Plan):
    """A function of an input whose type shows at run time."""

    shape = Shape(None)

    def __init__(self, name: str, source: Plan, arguments: tuple[tuple[Plan, str], ...]) -> None:
        self.name = name
        self.source = Boxed(source.ask_for_one())
        self.arguments = tuple((check_one(plan, kind, name), kind) for plan, kind in arguments)
        self.parts = (source, *(plan for plan, _ in arguments))

    def one(self, em: Emitter) -> str:
        given = [em.bind(scalar(em, plan, kind, self.name)) for plan, kind in self.arguments]
        item = bare(self.source.one(em))
        result = f"{em.use(of_kind)}({', '.join([item, repr(self.name), *given])})"
        missing = " or ".join(f"{name} is None" for name in given)
        return f"(None if {missing} else {result})" if missing else result


def by_kind(name: str, source: Plan, *arguments: tuple[Plan, str]) -> Plan:
    """Return the plan of a function in :data:`BY_KIND`; ``arguments`` come with the System type that each must be.

    Raises FhirPathError where the input can be of no type that the function takes.
    """
    shape = source.shape
    if shape.is_empty or any(plan.shape.is_empty for plan, _ in arguments):
        return Nothing()
    known = BY_KIND[name]
    kind = shape.category
    if kind in known and known[kind][0] != "Any":
        gives, function = known[kind]
        return ScalarCall(name, gives, [(source, kind), *arguments], function, partial=True)
    if any(accepts(shape, wanted) for wanted in known):
        return OfKind(name, source, arguments)
    raise FhirPathError("fhirpath-type", name=name, found=shape.described(), expected=" or ".join(known))
