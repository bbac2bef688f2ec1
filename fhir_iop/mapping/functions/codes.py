"""`codes(TABLE)`: the program's words ⇄ codes; `present`: true ⇄ a slice that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.functions.base import Function, hint, identifier
from fhir_iop.mapping.names import Coded
from fhir_iop.mapping.values import bound

if TYPE_CHECKING:
    from fhir_iop.mapping.names import CodeTable

KEYS = {"true": True, "false": False}


def words(table: CodeTable, kind: str) -> dict[Any, Any]:
    """Return the table's entries under keys as records give them: words, true and false, or whole numbers."""
    if kind == "boolean":
        return {KEYS.get(word, word): coded for word, coded in table.entries.items()}
    if kind == "integer":
        return {int(word) if word.lstrip("-").isdecimal() else word: coded for word, coded in table.entries.items()}
    return dict(table.entries)


class Codes(Function):
    """A word of the program's ⇄ a code, a Coding or a CodeableConcept.

    The table has every value that the schema's enumeration allows, and no other.
    """

    name = "codes"
    recognises = True

    def prepare(self) -> None:
        """Check the table against the enumeration and the bound value set."""
        table = self.context.table(self.call)
        if table is None:
            self.usable = False
            return
        self.entries = words(table, self.source.shape.kind)
        self.coded = self.target.type in {"Coding", "CodeableConcept"}
        if not self.coded and not self.target.is_primitive:
            self.needs_type("code", "Coding", "CodeableConcept")
            return
        if self.coded:
            parts = ("system", "code", "display")
            self.inside = parts if self.target.type == "Coding" else ("coding", *(f"coding.{name}" for name in parts))
        self._covers(table)
        for word, coded in table.entries.items():
            bound(self.target, coded if self.coded else Coded(coded.code), self.context.problems, table.places[word])
        name = identifier("codes", table.name, self.target.type)
        back = {(c.system, c.code): word for word, c in self.entries.items()}
        self.to, self.back = name, name + "_back"
        found = self.context.bound
        found[self.to] = {word: c.coding() if self.coded else c.code for word, c in self.entries.items()}
        found[self.back] = back if self.coded else {c.code: word for word, c in self.entries.items()}

    def _covers(self, table: CodeTable) -> None:
        enum = self.source.shape.enum
        if enum is None:
            self.wrong("mapping-codes-open", table=table.name, field=str(self.source))
            return
        for value in enum:
            if value not in self.entries:
                word = str(value).lower() if isinstance(value, bool) else str(value)
                self.wrong("mapping-codes-missing", table=table.name, value=word, field=str(self.source))
        taken: dict[Any, str] = {}
        for word, coded in table.entries.items():
            twin = taken.setdefault((coded.system, coded.code), word)
            if twin != word:
                self.context.problems.add(
                    "mapping-code-twice", table.places[word], table=table.name, word=word, other=twin
                )
        for word, place in table.places.items():
            if KEYS.get(word, word) not in enum and word not in map(str, enum):
                self.context.problems.add(
                    "mapping-codes-extra",
                    place,
                    table=table.name,
                    value=word,
                    field=str(self.source),
                    hint=hint(word, map(str, enum)),
                )

    def forward(self, value: str, pointer: str) -> str:
        """Write a fresh dict each time: nobody who changes a resource may change the table."""
        if self.target.type == "CodeableConcept":
            return f'{{"coding": [{self.to}[{value}].copy()]}}'
        return f"{self.to}[{value}].copy()" if self.coded else f"{self.to}[{value}]"

    def backward(self, value: str) -> str:
        """Recognise a concept by any of its codings."""
        if self.target.type == "CodeableConcept":
            return f"known_concept({value}, {self.back})"
        if self.coded:
            return f'{self.back}.get(({value}.get("system"), {value}.get("code")))'
        return f"{self.back}.get({value})"

    def tells(self) -> frozenset[Any]:
        """Return the codes of the table."""
        return frozenset((c.system, c.code) for c in getattr(self, "entries", {}).values())


class Present(Function):
    """True ⇄ the slice is there, with the constants that tell it; false or absent: it isn't."""

    name = "present"
    filters = True

    def prepare(self) -> None:
        """Ask for a slice, whose constants are all that is written."""
        self.needs_kind("boolean")
        if self.target.slice is None:
            self.wrong("mapping-present", path=self.target.path)


class Words(Function):
    """One word or a list of them → how the table's codes are displayed, in one text; never read back."""

    name = "words"
    takes_lists = True
    one_way = True

    def prepare(self) -> None:
        """Check that the table has a display for every word."""
        self.needs_type("string")
        table = self.context.table(self.call)
        if table is None:
            self.usable = False
            return
        shape = self.source.shape.item if self.source.shape.kind == "array" else self.source.shape
        for value in (shape.enum if shape else None) or ():
            if str(value) not in table.entries or not table.entries[str(value)].display:
                self.wrong("mapping-codes-missing", table=table.name, value=value, field=str(self.source))
        self.to = identifier("words", table.name)
        self.context.bound[self.to] = {word: coded.display for word, coded in table.entries.items()}

    def forward(self, value: str, pointer: str) -> str:
        """Several are joined with commas."""
        if self.source.shape.kind == "array":
            return f'", ".join({self.to}[word] for word in {value})'
        return f"{self.to}[{value}]"
