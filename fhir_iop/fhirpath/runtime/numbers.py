"""Arithmetic: Integers of 32 bits, Decimals of 28 digits, Quantities; None where there is no result.

https://hl7.org/fhirpath/N1/#math
"""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import quantity
from fhir_iop.fhir.quantity import Quantity
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.runtime.dates import date_plus
from fhir_iop.fhirpath.runtime.strings import joined
from fhir_iop.fhirpath.runtime.typed import TypedValue, category_of, system_value

if TYPE_CHECKING:
    from collections.abc import Callable

Number = int | Decimal

# Bounds what any arithmetic can cost; the calling program's own context is left alone.
CONTEXT = Context(prec=28, Emax=999, Emin=-999, traps=[DivisionByZero, InvalidOperation, Overflow])
LARGEST = 2**31


def integer(value: int) -> int | None:
    """Return the value where it fits into an Integer."""
    return value if -LARGEST <= value < LARGEST else None


def add_integers(left: int, right: int) -> int | None:
    """Add."""
    return integer(left + right)


def subtract_integers(left: int, right: int) -> int | None:
    """Subtract."""
    return integer(left - right)


def multiply_integers(left: int, right: int) -> int | None:
    """Multiply."""
    return integer(left * right)


def add_decimals(left: Number, right: Number) -> Decimal | None:
    """Add."""
    return CONTEXT.add(Decimal(left), Decimal(right))


def subtract_decimals(left: Number, right: Number) -> Decimal | None:
    """Subtract."""
    return CONTEXT.subtract(Decimal(left), Decimal(right))


def multiply_decimals(left: Number, right: Number) -> Decimal | None:
    """Multiply."""
    try:
        return CONTEXT.multiply(Decimal(left), Decimal(right))
    except Overflow:
        return None


def divide(left: Number, right: Number) -> Decimal | None:
    """Divide; by zero there is no result."""
    try:
        return CONTEXT.divide(Decimal(left), Decimal(right)) if right else None
    except Overflow:
        return None


def whole_quotient(left: Number, right: Number) -> int | None:
    """Divide and cut the fraction off."""
    if not right:
        return None
    try:
        return integer(int(CONTEXT.divide_int(Decimal(left), Decimal(right))))
    except InvalidOperation:  # more than 28 digits
        return None


def remainder(left: Number, right: Number) -> Any:
    """Return what the whole quotient leaves, with the sign of the left operand."""
    if not right:
        return None
    try:
        left_over = CONTEXT.remainder(Decimal(left), Decimal(right))
    except InvalidOperation:
        return None
    return int(left_over) if isinstance(left, int) and isinstance(right, int) else left_over


def negated(value: Any) -> Any:
    """Return the number or quantity with the other sign."""
    return value._replace(value=-value.value) if isinstance(value, Quantity) else -value


def add_quantities(left: Quantity, right: Quantity) -> Quantity | None:
    """Add, in the finer unit of the two."""
    return quantity.add(left, right)


def subtract_quantities(left: Quantity, right: Quantity) -> Quantity | None:
    """Subtract, in the finer unit of the two."""
    return quantity.add(left, right, -1)


def multiply_quantities(left: Quantity, right: Quantity) -> Quantity | None:
    """Multiply, units too."""
    return quantity.multiply(left, right)


def divide_quantities(left: Quantity, right: Quantity) -> Quantity | None:
    """Divide, units too."""
    return quantity.multiply(left, right, -1)


def date_minus(text: str, amount: Quantity) -> str | None:
    """Subtract a duration."""
    return date_plus(text, amount, -1)


_INTEGERS = {
    "+": add_integers,
    "-": subtract_integers,
    "*": multiply_integers,
    "/": divide,
    "div": whole_quotient,
    "mod": remainder,
}
_STAYING_INTEGERS = frozenset({"+", "-", "*"})
_DECIMALS = {**_INTEGERS, "+": add_decimals, "-": subtract_decimals, "*": multiply_decimals}
_QUANTITIES = {"+": add_quantities, "-": subtract_quantities, "*": multiply_quantities, "/": divide_quantities}


def arithmetic(operator: str, left: TypedValue | None, right: TypedValue | None) -> TypedValue | None:
    """Compute with operands whose types show only now. Raises FhirPathError where they don't go together."""
    if left is None or right is None or left.value is None or right.value is None:
        return None
    if left.type == right.type == "System.Integer":
        if operator == "+":  # sums are what scores are made of
            total = left.value + right.value
            return TypedValue("System.Integer", total) if -LARGEST <= total < LARGEST else None
        if operator in _STAYING_INTEGERS:
            value = _INTEGERS[operator](left.value, right.value)
            return None if value is None else TypedValue("System.Integer", value)
    ours, theirs = category_of(left), category_of(right)
    kinds = {ours, theirs}
    a, b = system_value(left), system_value(right)
    gives = ""
    compute: Callable[..., Any] | None = None
    if ours in ("Date", "DateTime", "Time") and theirs == "Quantity":
        gives, compute = ours, {"+": date_plus, "-": date_minus}.get(operator)
    elif kinds == {"String"}:
        gives, compute = "String", {"+": joined}.get(operator)
    elif kinds == {"Integer"}:
        gives, compute = "Decimal" if operator == "/" else "Integer", _INTEGERS[operator]
    elif kinds <= {"Integer", "Decimal"}:
        gives, compute = "Integer" if operator == "div" else "Decimal", _DECIMALS[operator]
    elif kinds <= {"Integer", "Decimal", "Quantity"}:
        a, b = (value if isinstance(value, Quantity) else Quantity(Decimal(value)) for value in (a, b))
        gives, compute = "Quantity", _QUANTITIES.get(operator)
    if compute is None:
        raise FhirPathError("fhirpath-type", name=operator, found=right.type, expected=f"what goes with {left.type}")
    result = compute(a, b)
    return None if result is None else TypedValue(f"System.{gives}", result)
