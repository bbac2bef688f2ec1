"""What stands after ``=`` with parentheses: `sentence()`, `narrative()`, `position()`, `part(ROLE)`, `parts(ROLE)`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.functions.base import Computed, Role, hint, identifier
from fhir_iop.mapping.runtime import spoken

if TYPE_CHECKING:
    from fhir_iop.mapping.rules import Source


class Sentence(Computed):
    """How a medicine is taken, in words, from the structured Dosage.

    ``sentence(TABLE)`` is read back where it is all there is of the Dosage; the table has the units of doses.
    """

    name = "sentence"
    late = True
    reads = ""  # what generated code calls to read it back

    def prepare(self) -> None:
        """Check that it stands in a text; find the table of units."""
        if self.target.type != "string":
            self.wrong("mapping-function-target", call=self.name, wanted="string", found=self.target.type)
        if not self.call.arguments:
            return
        table = self.context.table(self.call)
        if table is None:
            self.usable = False
            return
        self.reads = identifier("spoken", table.name)
        units = {coded.display or str(coded.code): coded.unit() for coded in table.entries.values()}
        self.context.bound[self.reads] = partial(spoken, units)

    def expression(self, part: str, index: str) -> str:
        """Say the Dosage ``part``."""
        return f"sentence({part})"


class Narrative(Computed):
    """The resource in words, as a generated Narrative."""

    name = "narrative"
    late = True
    inside = ("status", "div")

    def prepare(self) -> None:
        """Check that it stands in a Narrative."""
        if self.target.type != "Narrative":
            self.wrong("mapping-function-target", call=self.name, wanted="Narrative", found=self.target.type)

    def expression(self, part: str, index: str) -> str:
        """Tell the resource ``part``."""
        return f"narrative({part})"

    def holds(self, value: str, part: str, index: str) -> str:
        """Accept any: whoever keeps the resource may have written a longer one."""
        return "True"


class Position(Computed):
    """The item's number in its list, from 1."""

    name = "position"

    def prepare(self) -> None:
        """Check that there is a list around."""
        if self.scope.parent is None:
            self.wrong("mapping-position")

    def expression(self, part: str, index: str) -> str:
        """Count from 1."""
        return f"{index} + 1"

    def holds(self, value: str, part: str, index: str) -> str:
        """Accept any: the way back sorts the items by it."""
        return "True"


class PartReference(Computed):
    """A Reference to another resource made of the same record, where it is made."""

    name = "part"
    drives = True
    inside = ("reference", "identifier", "identifier.system", "identifier.value")

    def prepare(self) -> None:
        """Find the role; its type must be one that the element may refer to."""
        word = self.call.arguments[0] if self.call.arguments else ""
        roles = self.context.kinds[self.context.kind]
        role = roles.get("" if word == "main" else word)
        if role is None or role.many != self.many:
            self.wrong("mapping-name", what="part of this record", name=word, hint=hint(word, [*roles, "main"]))
            role = Role("", "")
        elif self.target.type != "Reference":
            self.wrong("mapping-function-target", call=self.name, wanted="Reference", found=self.target.type)
        else:
            allowed = self.target.target_types()
            if allowed and role.resource not in allowed:
                types = ", ".join(sorted(allowed))
                self.wrong("mapping-reference", type=role.resource, path=self.target.path, types=types)
        self.role: Role = role

    @property
    def source(self) -> Source | None:
        """What must be in the record for the other resource to be made."""
        return self.role.source

    @property
    def certain(self) -> bool:  # type: ignore[override]  # it depends on the role
        """Whether the other resource is always made."""
        return self.role.source is None or self.role.source.certain

    @property
    def needs(self) -> frozenset[Any]:
        """What the other resource is made from."""
        return frozenset() if self.role.source is None else self.role.source.needs

    def expression(self, part: str, index: str) -> str:
        """Refer to it by the record's own id and its role."""
        value = f'f"{{record_id}}/{self.role.name}"' if self.role.name else "record_id"
        system = self.context.system(self.context.kind)
        return (
            f'{{"reference": "{self.role.resource}/" + id_of({self.context.kind!r}, {value}), '
            f'"identifier": {{"system": {system!r}, "value": {value}}}}}'
        )

    def holds(self, value: str, part: str, index: str) -> str:
        """Ask whether it leads to a part of this record."""
        system = self.context.system(self.context.kind)
        end = f"/{self.role.name}" if self.role.name else ""
        return f"is_part({value}, {system!r}, record_id, {end!r})"


class PartReferences(PartReference):
    """References to each of the resources of one role."""

    name = "parts"
    many = True

    def expression(self, part: str, index: str) -> str:
        """Refer to them in the list's order; ``index`` names the list."""
        key = f'item["{self.role.key}"]' if self.role.key else "number"
        value = f'f"{{record_id}}/{self.role.name}/{{{key}}}"'.replace('"]}', "']}").replace('["', "['")
        system = self.context.system(self.context.kind)
        return (
            f'[{{"reference": "{self.role.resource}/" + id_of({self.context.kind!r}, {value}), '
            f'"identifier": {{"system": {system!r}, "value": {value}}}}} for number, item in enumerate({index}, 1)]'
        )


class Identity(Computed):
    """The identifier that the resource gets from its record: the system of its kind, the record's id, its role."""

    name = "identity"
    inside = ("system", "value")

    def expression(self, part: str, index: str) -> str:
        """Use the value that the generated code has at hand."""
        return f'{{"system": {self.context.system(self.context.kind)!r}, "value": identity}}'

    def holds(self, value: str, part: str, index: str) -> str:
        """Ask whether it is the one that the record was found by."""
        return f'{value}.get("value") == identity'
