"""Single values: how an operand is taken for one System value, and functions from single values to a single value."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.model import QUANTITIES, category
from fhir_iop.fhirpath.plan import Plan
from fhir_iop.fhirpath.runtime.escaping import decoded, encoded, escaped, unescaped
from fhir_iop.fhirpath.runtime.quantities import quantity_of, quantity_of_number
from fhir_iop.fhirpath.runtime.strings import joined, replaced
from fhir_iop.fhirpath.runtime.typed import truth_of, unboxed
from fhir_iop.fhirpath.shape import Shape, system

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fhir_iop.fhirpath.emitter import Emitter

# What is taken for what without being asked (https://hl7.org/fhirpath/N1/#conversion).
_IMPLICIT = {
    "Decimal": {"Decimal", "Integer"},
    "Quantity": {"Quantity", "Decimal", "Integer"},
    "DateTime": {"DateTime", "Date"},
}


def accepts(shape: Shape, wanted: str) -> bool:
    """Whether items of a shape can be taken for the System type ``wanted`` (for some items, where types are mixed)."""
    if shape.names is None or shape.is_empty or wanted == "Any":
        return True
    allowed = _IMPLICIT.get(wanted, {wanted})
    return any(category((name,)) in allowed for name in shape.names)


def check(plan: Plan, wanted: str, name: str) -> Plan:
    """Return the plan itself; raise FhirPathError (``fhirpath-type``) where it can never be taken for ``wanted``."""
    if not accepts(plan.shape, wanted):
        raise FhirPathError("fhirpath-type", name=name, found=plan.shape.described(), expected=wanted)
    return plan


def check_one(plan: Plan, wanted: str, name: str) -> Plan:
    """Do as :func:`check` does for a plan whose only item will be asked for."""
    return check(plan, wanted, name).ask_for_one()


def scalar(em: Emitter, plan: Plan, wanted: str, name: str) -> str:
    """Return an expression of the plan's only item as a System value of type ``wanted``, None where there is none."""
    value = plan.one(em)
    if plan.shape.is_empty:
        return "None"
    if plan.boxed:
        return f"{em.use(unboxed)}({bare(value)}, {wanted!r}, {em.constant(name)})"
    if wanted == "Quantity":
        if plan.shape.name in QUANTITIES:
            return f"{em.use(quantity_of)}({bare(value)})"
        if plan.shape.category != "Quantity":
            return f"{em.use(quantity_of_number)}({bare(value)})"
    return value


def is_sure(plan: Plan) -> bool:
    """Whether :func:`scalar` never gives None."""
    return plan.shape.sure and not plan.boxed and plan.shape.name not in QUANTITIES


def boolean(em: Emitter, plan: Plan) -> str:
    """Return an expression that is True, False or None: the plan's only item taken for a Boolean."""
    if plan.shape.is_empty:
        return "None"
    if plan.boxed:
        return f"{em.use(truth_of)}({bare(plan.one(em))})"
    if plan.shape.category == "Boolean":
        return plan.one(em)
    if plan.shape.sure:
        return "True"
    return f"(True if {bare(plan.truth(em, wanted=True))} else None)"


# What may make longer strings of shorter ones: each costs steps where loops run around it.
_MAKES_TEXT = frozenset({joined, replaced, encoded, escaped, decoded, unescaped})


class Guarded:
    """Operands that must all be there: each is bound to a name where it may be missing, and asked about."""

    def __init__(self, em: Emitter) -> None:
        self.em = em
        self.conditions: list[str] = []

    def take(self, expression: str, *, sure: bool) -> str:
        """Return what stands for the operand once all conditions hold."""
        if sure:
            return expression
        if expression.isidentifier() and expression != "None":
            name = expression
            self.conditions.append(f"{name} is not None")
        else:
            name = self.em.fresh()
            self.conditions.append(f"({name} := {bare(expression)}) is not None")
        return name

    def condition(self, result: str) -> str:
        """Return a condition: all operands are there, and ``result`` holds."""
        return f"({' and '.join([*self.conditions, result])})" if self.conditions else result

    def value(self, result: str) -> str:
        """Return an expression of ``result``, None where an operand is missing."""
        if not self.conditions:
            return result
        return f"({result} if {' and '.join(self.conditions)} else None)"


class ScalarPlan(Plan):
    """A single value computed from single values; empty where an operand is empty or the computation has no result.

    A subclass implements :meth:`compute`. ``partial`` is set where the computation itself may give None.
    """

    operands: tuple[tuple[Plan, str], ...]
    partial = False

    def __init__(self, name: str, gives: str, operands: Sequence[tuple[Plan, str]]) -> None:
        self.name = name
        self.operands = tuple((check_one(plan, wanted, name), wanted) for plan, wanted in operands)
        self.parts = tuple(plan for plan, _ in operands)
        sure = not self.partial and all(is_sure(plan) for plan, _ in operands)
        self.shape = system(gives, sure=sure)

    def needs_value_of(self, scope: object) -> bool:
        return any(plan.needs_value_of(scope) for plan in self.parts)

    def compute(self, em: Emitter, values: list[str]) -> str:
        """Return an expression of the result from the operands' values."""
        raise NotImplementedError

    def _guarded(self, em: Emitter) -> tuple[Guarded, str]:
        guarded = Guarded(em)
        values = [
            guarded.take(scalar(em, plan, wanted, self.name), sure=is_sure(plan)) for plan, wanted in self.operands
        ]
        return guarded, self.compute(em, values)

    def one(self, em: Emitter) -> str:
        guarded, result = self._guarded(em)
        return guarded.value(result)

    def truth(self, em: Emitter, wanted: bool) -> str:
        if self.shape.category != "Boolean":
            return super().truth(em, wanted)
        guarded, result = self._guarded(em)
        if self.partial:
            result = f"{result} is {wanted}"
            return guarded.condition(result) if guarded.conditions else f"({result})"
        return (
            guarded.condition(result if wanted else f"not {result}")
            if guarded.conditions or wanted
            else f"(not {result})"
        )


class ScalarCall(ScalarPlan):
    """A function of single values: ``python`` is an expression with ``{0}`` for the input, or one of our functions."""

    def __init__(
        self,
        name: str,
        gives: str,
        operands: Sequence[tuple[Plan, str]],
        python: str | Callable[..., Any],
        *,
        partial: bool,
        extra: tuple[Any, ...] = (),
    ) -> None:
        self.partial = partial
        self.python = python
        self.extra = extra
        super().__init__(name, gives, operands)

    def compute(self, em: Emitter, values: list[str]) -> str:
        if isinstance(self.python, str):
            return self.python.format(*values)
        result = f"{em.use(self.python)}({', '.join(map(bare, values))})"
        return f"{em.budget()}.text({result})" if em.is_looping and self.python in _MAKES_TEXT else result
