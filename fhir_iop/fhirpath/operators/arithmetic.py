"""``+``, ``-``, ``*``, ``/``, ``div``, ``mod``, ``&`` and the signs."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.kinds import by_kind
from fhir_iop.fhirpath.plan import Boxed, Nothing, Plan
from fhir_iop.fhirpath.runtime import numbers
from fhir_iop.fhirpath.runtime.dates import date_plus
from fhir_iop.fhirpath.runtime.numbers import arithmetic
from fhir_iop.fhirpath.runtime.strings import joined
from fhir_iop.fhirpath.scalar import ScalarCall, ScalarPlan, check_one, scalar
from fhir_iop.fhirpath.shape import Shape, system

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter

_MOMENTS = ("Date", "DateTime", "Time")
# By operator and kind of the operands: the kind of the result, and what computes it (None where it always succeeds).
_TABLE: dict[tuple[str, str], tuple[str, Callable[..., Any]]] = {
    ("/", "Integer"): ("Decimal", numbers.divide),
    ("div", "Integer"): ("Integer", numbers.whole_quotient),
    ("mod", "Integer"): ("Integer", numbers.remainder),
    ("+", "Decimal"): ("Decimal", numbers.add_decimals),
    ("-", "Decimal"): ("Decimal", numbers.subtract_decimals),
    ("*", "Decimal"): ("Decimal", numbers.multiply_decimals),
    ("/", "Decimal"): ("Decimal", numbers.divide),
    ("div", "Decimal"): ("Integer", numbers.whole_quotient),
    ("mod", "Decimal"): ("Decimal", numbers.remainder),
    ("+", "Quantity"): ("Quantity", numbers.add_quantities),
    ("-", "Quantity"): ("Quantity", numbers.subtract_quantities),
    ("*", "Quantity"): ("Quantity", numbers.multiply_quantities),
    ("/", "Quantity"): ("Quantity", numbers.divide_quantities),
    ("+", "String"): ("String", joined),
}
_STAYING = ("+", "-", "*")


def operation(operator: str, left: Plan, right: Plan) -> Plan:
    """Return the plan of an arithmetic operator. Raises FhirPathError where the operands' types never go together."""
    if left.shape.is_empty or right.shape.is_empty:
        return Nothing()
    ours, theirs = left.shape.category, right.shape.category
    if (left.shape.is_mixed and ours is None) or (right.shape.is_mixed and theirs is None):
        return DynamicArithmetic(operator, left, right)
    if ours in _MOMENTS and operator in ("+", "-") and theirs == "Quantity":
        move: Callable[..., Any] = date_plus if operator == "+" else numbers.date_minus
        return ScalarCall(operator, ours, [(left, ours), (right, "Quantity")], move, partial=True)
    kind = _common(ours, theirs)
    if kind == "Integer" and operator in _STAYING:
        return IntegerArithmetic(operator, left, right)
    if (operator, kind) not in _TABLE:
        raise FhirPathError(
            "fhirpath-type", name=operator, found=right.shape.described(), expected=_expected(operator, left.shape)
        )
    gives, compute = _TABLE[operator, kind or ""]
    return ScalarCall(operator, gives, [(left, kind or ""), (right, kind or "")], compute, partial=True)


class IntegerArithmetic(ScalarPlan):
    """``+``, ``-`` and ``*`` of Integers, which are empty beyond 32 bits (https://hl7.org/fhirpath/N1/#math)."""

    partial = True

    def __init__(self, operator: str, left: Plan, right: Plan) -> None:
        super().__init__(operator, "Integer", [(left, "Integer"), (right, "Integer")])

    def compute(self, em: Emitter, values: list[str]) -> str:
        found, beyond = em.fresh(), numbers.LARGEST
        left, right = values
        return f"({found} if {-beyond} <= ({found} := {left} {self.name} {right}) < {beyond} else None)"


class Concatenation(Plan):
    """``a & b & c``: never empty."""

    name = "&"

    def __init__(self, *operands: Plan) -> None:
        for operand in operands:
            check_one(operand, "String", self.name)
        self.parts = operands
        self.shape = system("String", sure=True)

    def one(self, em: Emitter) -> str:
        texts = []
        for part in self.parts:
            text = scalar(em, part, "String", self.name)
            texts.append(text if part.shape.sure and not part.boxed else f"({text} or '')")
        result = f"{em.use(joined)}({', '.join(map(bare, texts))})"
        return f"{em.budget()}.text({result})" if em.is_looping else result


class DynamicArithmetic(Plan):
    """An operator whose operands show their types at run time."""

    def __init__(self, operator: str, left: Plan, right: Plan) -> None:
        self.name = operator
        self.left, self.right = Boxed(left.ask_for_one()), Boxed(right.ask_for_one())
        self.parts = (left, right)
        self.shape = Shape(None)

    def one(self, em: Emitter) -> str:
        left, right = em.bind(self.left.one(em)), em.bind(self.right.one(em))
        return f"{em.use(arithmetic)}({self.name!r}, {left}, {right})"


def signed(sign: str, operand: Plan) -> Plan:
    """Return the plan of ``-x``, or of ``+x``, which is the number itself."""
    negative = by_kind("-", operand)
    return negative if sign == "-" else operand


def _common(ours: str | None, theirs: str | None) -> str | None:
    kinds = {ours, theirs}
    if len(kinds) == 1:
        return ours
    if kinds == {"Integer", "Decimal"}:
        return "Decimal"
    return "Quantity" if "Quantity" in kinds and kinds <= {"Quantity", "Integer", "Decimal"} else None


def _expected(operator: str, left: Shape) -> str:
    if left.category in _MOMENTS:
        return "a duration"
    return "a String" if operator == "+" and left.category == "String" else f"what goes with {left.described()}"
