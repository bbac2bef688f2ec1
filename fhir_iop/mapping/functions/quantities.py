"""Amounts: `quantity(TABLE)`, `range(TABLE)` and `unit(NAME)`; numbers keep their digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fhir_iop.mapping.functions.base import Function, hint, identifier
from fhir_iop.mapping.functions.codes import Codes
from fhir_iop.mapping.values import measured

if TYPE_CHECKING:
    from fhir_iop.mapping.targets import Target

_INSIDE = ("value", "unit", "system", "code")
_QUANTITIES = ("Quantity", "SimpleQuantity", "Duration", "Age", "Distance", "Count")
UNITS = "units"


class Quantity(Codes):
    """``{amount, unit}`` ⇄ a Quantity; the table has a code for each word that ``unit`` may be."""

    name = "quantity"
    fields: ClassVar[tuple[str, ...]] = ("amount",)
    inside: tuple[str, ...] = _INSIDE

    def prepare(self) -> None:
        """Check both sides, and the table against the enumeration of ``unit``."""
        table = self.context.table(self.call)
        shape = self.source.shape
        unit = shape.field("unit")
        if table is None or not self._fits() or unit is None or any(shape.field(name) is None for name in self.fields):
            if self.usable and table is not None:
                wanted = "{" + ", ".join([*self.fields, "unit"]) + "}"
                self.wrong("mapping-function-source", call=self.name, wanted=wanted, found=shape.kind)
            self.usable = False
            return
        self.source = type(self.source)(self.source.scope, (*self.source.steps, "unit"), unit, self.source.optional)
        self.entries = dict(table.entries)
        self._covers(table)
        for word, coded in table.entries.items():
            for quantity in self._quantities():
                measured(quantity, coded, self.context.problems, table.places[word])
        self.to = identifier("units", table.name)
        self.back = self.to + "_back"
        self.context.bound[self.to] = {word: coded.unit() for word, coded in self.entries.items()}
        self.context.bound[self.back] = {(c.system, c.code): word for word, c in self.entries.items()}

    def _fits(self) -> bool:
        return self.needs_type(*_QUANTITIES)

    def _quantities(self) -> list[Target]:
        """Return the Quantities that have the unit."""
        return [self.target]

    def forward(self, value: str, pointer: str) -> str:
        """Value first, as FHIR orders a Quantity."""
        return f'{{"value": {value}["amount"], **{self.to}[{value}["unit"]]}}'

    def backward(self, value: str) -> str:
        """Recognise a quantity that says no more than value and unit."""
        return f"known_quantity({value}, {self.back})"


class Range(Quantity):
    """``{low, high, unit}`` ⇄ a Range."""

    name = "range"
    fields = ("low", "high")
    inside = ("low", "high", *(f"{end}.{name}" for end in ("low", "high") for name in _INSIDE))

    def _fits(self) -> bool:
        return self.needs_type("Range")

    def _quantities(self) -> list[Target]:
        return [self.target.children[end] for end in ("low", "high")]

    def forward(self, value: str, pointer: str) -> str:
        """Both ends have the unit."""
        low, high = (f'{{"value": {value}["{end}"], **{self.to}[{value}["unit"]]}}' for end in ("low", "high"))
        return f'{{"low": {low}, "high": {high}}}'

    def backward(self, value: str) -> str:
        """Both ends must have one unit."""
        return f"known_range({value}, {self.back})"


class Unit(Function):
    """A number ⇄ a Quantity in one unit, named in the table ``units``."""

    name = "unit"
    recognises = True
    inside = _INSIDE

    def prepare(self) -> None:
        """Check that there is such a unit."""
        self.needs_type(*_QUANTITIES)
        self.needs_kind("integer", "number")
        table = self.context.names.codes.get(UNITS)
        known = table.entries if table else {}
        word = self.call.arguments[0] if len(self.call.arguments) == 1 else ""
        if word not in known:
            self.wrong("mapping-name", what="unit", name=word, hint=hint(word, known))
            return
        coded = known[word]
        measured(self.target, coded, self.context.problems, self.call.place)
        self.system, self.code, self.display = coded.system, coded.code, coded.display or coded.code

    def forward(self, value: str, pointer: str) -> str:
        """Write the number as it stands."""
        return f'{{"value": {value}, "unit": {self.display!r}, "system": {self.system!r}, "code": {self.code!r}}}'

    def backward(self, value: str) -> str:
        """Only a quantity in this very unit is read."""
        return f"known_amount({value}, {self.system!r}, {self.code!r})"


class Ucum(Function):
    """``{amount, unit}`` ⇄ a Quantity whose unit is any code of UCUM, as the record gives it."""

    name = "ucum"
    recognises = True
    inside = _INSIDE

    def prepare(self) -> None:
        """Check both sides."""
        self.needs_type(*_QUANTITIES)
        if self.source.shape.field("amount") is None or self.source.shape.field("unit") is None:
            self.wrong("mapping-function-source", call=self.name, wanted="{amount, unit}", found=self.source.shape.kind)

    def forward(self, value: str, pointer: str) -> str:
        """Write the code as the unit that people read, too."""
        unit = f'{value}["unit"]'
        return f'{{"value": {value}["amount"], "unit": {unit}, "system": UCUM, "code": {unit}}}'

    def backward(self, value: str) -> str:
        """Only a quantity in UCUM is read."""
        return f"known_ucum({value})"
