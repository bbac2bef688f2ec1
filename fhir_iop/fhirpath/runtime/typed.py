"""An item that knows its type, and how a single item is taken for a System value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fhir_iop.fhir.quantity import Quantity
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.model import PRIMITIVES, QUANTITIES
from fhir_iop.fhirpath.runtime.quantities import quantity_of, quantity_of_number


class TypedValue:
    """A value with its type: a FHIR type (``HumanName``, ``dateTime``) or a System type (``System.String``).

    ``value`` is JSON-like (None for a primitive that has only extensions); ``element`` is a primitive's JSON sibling
    (``_birthDate``) with its ``id`` and ``extension``, None where there is none.
    """

    __slots__ = ("element", "type", "value")

    def __init__(self, type: str, value: Any, element: dict[str, Any] | None = None) -> None:  # noqa: A002  FHIR's word
        self.type = type
        self.value = value
        self.element = element

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TypedValue):
            return NotImplemented
        return self.type == other.type and self.value == other.value and self.element == other.element

    def __hash__(self) -> int:
        return hash(self.type)

    def __repr__(self) -> str:
        extra = "" if self.element is None else f", {self.element!r}"
        return f"TypedValue({self.type!r}, {self.value!r}{extra})"


class NoValue:
    """Stands for a primitive that has only extensions (and perhaps an id), where raw items are counted or compared."""

    __slots__ = ("element",)

    def __init__(self, element: dict[str, Any]) -> None:
        self.element = element

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoValue) and other.element == self.element

    def __hash__(self) -> int:
        return 0  # there is hardly ever one, and its content can't be hashed


def boxed_resource(resource: dict[str, Any]) -> TypedValue:
    """Return a resource with the type that it says it is."""
    return TypedValue(resource["resourceType"], resource)


def boxed_value(value: Any) -> TypedValue:
    """Return a caller's value with its type, which Python's tells: a variable of :class:`Context`."""
    if isinstance(value, TypedValue):
        return value
    if isinstance(value, dict):
        return boxed_resource(value) if "resourceType" in value else TypedValue("System.Any", value)
    if isinstance(value, Quantity):
        return TypedValue("System.Quantity", value)
    for kind, name in ((bool, "Boolean"), (str, "String"), (int, "Integer"), (Decimal, "Decimal")):
        if isinstance(value, kind):
            return TypedValue(f"System.{name}", value)
    raise FhirPathError("fhirpath-value", name="%variable", reason=f"a {type(value).__name__} is no FHIR value")


def several(name: str) -> FhirPathError:
    """Return the error of a function that needs one item and was given several."""
    return FhirPathError("fhirpath-many", name=name)


def category_of(item: TypedValue) -> str | None:
    """Return the System type that an item converts to, None where there is none."""
    name = item.type
    if name in PRIMITIVES:
        return PRIMITIVES[name]
    if name in QUANTITIES:
        return "Quantity"
    return name.removeprefix("System.") if name.startswith("System.") else None


def truth_of(item: TypedValue | None) -> bool | None:
    """Take a single item for a Boolean: a Boolean is itself, any other value is true."""
    if item is None:
        return None
    if category_of(item) == "Boolean":
        return item.value  # type: ignore[no-any-return]
    return True


def system_value(item: TypedValue) -> Any:
    """Return an item's System value; a FHIR Quantity becomes our own, an object that is none of these itself."""
    return quantity_of(item.value) if item.type in QUANTITIES else item.value


def amount_of(item: TypedValue) -> Quantity | None:
    """Return a quantity or a number as our own Quantity."""
    return quantity_of(item.value) if category_of(item) == "Quantity" else quantity_of_number(item.value)


def unboxed(item: TypedValue | None, wanted: str, name: str) -> Any:
    """Take an item for a System value of the type ``wanted``, with the implicit conversions of FHIRPath.

    Returns None where there is no item, or none with a value. Raises FhirPathError for another type; ``name`` is the
    function that asks.
    """
    if item is None:
        return None
    found = category_of(item)
    value = item.value
    if found == wanted or (wanted == "Decimal" and found == "Integer") or (wanted == "DateTime" and found == "Date"):
        return quantity_of(value) if found == "Quantity" else value
    if wanted == "Quantity" and found in ("Integer", "Decimal"):
        return None if value is None else Quantity(Decimal(value))
    raise FhirPathError("fhirpath-type", name=name, found=item.type, expected=wanted)
