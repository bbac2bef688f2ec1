"""`reference(KIND, …)`: the program's ids ⇄ References.

A Reference says twice what it means: the FHIR id, which is a keyed hash, and the identifier, from which the way back
reads the program's own id.
"""

from __future__ import annotations

from typing import Any

from fhir_iop.mapping.functions.base import Function, hint, identifier

ANY = "any"


class Reference(Function):
    """An id ⇄ a Reference to a record of that kind, or to one of its parts (``reference(questionnaire/score)``).

    With several kinds the field says which: ``prescription/rx-1``, for a part of a record ``check-in/ci-7/craving``. So
    it does where a record has several of the part: ``treatment-plan/tp-1/goal/2``. ``reference(any)`` stands for all
    kinds and parts whose type the element may refer to.
    """

    name = "reference"
    recognises = True
    inside = ("reference", "identifier", "identifier.system", "identifier.value")

    def prepare(self) -> None:
        """Check that the kinds are mapped, and to types that the element may refer to."""
        self.needs_type("Reference")
        self.needs_kind("string")
        if not self.call.arguments:
            self.wrong("mapping-arguments", call=str(self.call), wanted="reference(KIND, …)")
        allowed = self.target.target_types()
        self.types: dict[tuple[str, str], str] = {}
        several = False
        for argument in self._named(allowed):
            kind, _, role = argument.partition("/")
            roles = self.context.kinds.get(kind)
            if roles is None:
                self.wrong("mapping-name", what="kind of record", name=kind, hint=hint(kind, self.context.kinds))
            elif role not in roles:
                self.wrong("mapping-name", what=f"part of {kind}", name=role or "(main)", hint=hint(role, roles))
            else:
                several = several or roles[role].many
                self.types[kind, role] = roles[role].resource
                if allowed and roles[role].resource not in allowed:
                    self.wrong(
                        "mapping-reference",
                        type=roles[role].resource,
                        path=self.target.path,
                        types=", ".join(sorted(allowed)),
                    )
        self.open = several or len(self.types) > 1
        if self.open and self.usable:
            self.name_of = identifier("reference_to", *sorted({k for k, _ in self.types}), str(len(self.types)))
            systems = {kind: self.context.system(kind) for kind, _ in self.types}
            self.context.bound[self.name_of] = (self.types, systems)
            self.context.bound[self.name_of + "_back"] = (
                {system: kind for kind, system in systems.items()},
                self.types,
            )

    def _named(self, allowed: frozenset[str]) -> list[str]:
        """Return the kinds and parts that the arguments name."""
        if self.call.arguments != (ANY,):
            return list(self.call.arguments)
        every = ((kind, role) for kind, roles in sorted(self.context.kinds.items()) for role in roles.values())
        return [f"{kind}/{role.name}".rstrip("/") for kind, role in every if not allowed or role.resource in allowed]

    def _one(self) -> tuple[str, str, str]:
        (kind, role), resource = next(iter(self.types.items()))
        return kind, role, resource

    def forward(self, value: str, pointer: str) -> str:
        """Write id and identifier."""
        if self.open:
            return f"reference_any({value}, *{self.name_of}, {pointer}, issues)"
        kind, role, resource = self._one()
        named = f'f"{{{value}}}/{role}"' if role else value
        system = self.context.system(kind)
        return (
            f'{{"reference": "{resource}/" + id_of({kind!r}, {named}), '
            f'"identifier": {{"system": {system!r}, "value": {named}}}}}'
        )

    def backward(self, value: str) -> str:
        """Read the identifier, where it is of the kind."""
        if self.open:
            return f"known_reference_any({value}, *{self.name_of}_back)"
        kind, role, _ = self._one()
        return f"known_reference({value}, {self.context.system(kind)!r}, {'/' + role if role else ''!r})"

    def tells(self) -> frozenset[Any]:
        """Return the kinds and their parts."""
        return frozenset(self.types)
