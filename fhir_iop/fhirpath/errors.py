"""The one exception of this room: an expression that is illegal, or that can't be evaluated on what it was given."""

from __future__ import annotations

from typing import Any

from fhir_iop.errors import FhirIopError
from fhir_iop.issue import issue


class FhirPathError(FhirIopError):
    """An illegal expression (found when it is compiled) or an evaluation that has no result.

    ``rule`` is the wording's key in the catalogue; ``position`` the offset into the expression (None where no single
    place is at fault), ``line`` and ``column`` count from 1; ``suggestion`` is the name that was probably meant.
    No message repeats data: an expression's own text and the names of the standard only.
    """

    def __init__(
        self,
        rule: str,
        *,
        text: str = "",
        position: int | None = None,
        suggestion: str | None = None,
        **facts: Any,
    ) -> None:
        self.rule = rule
        self.facts = facts
        self.suggestion = suggestion
        self.position: int | None = None
        self.line: int | None = None
        self.column: int | None = None
        self._tell()
        if position is not None:
            self.locate(text, position)

    def locate(self, text: str, position: int) -> FhirPathError:
        """Say where in the expression ``text`` the fault lies, and return the error itself."""
        self.position = position
        self.line = text.count("\n", 0, position) + 1
        self.column = position - text.rfind("\n", 0, position)
        self._tell()
        return self

    def _tell(self) -> None:
        hint = f" Did you mean `{self.suggestion}`?" if self.suggestion else ""
        place = f" (line {self.line}, column {self.column})" if self.line else ""
        told = issue(self.rule, line=self.line, column=self.column, hint=hint, place=place, **self.facts)
        super().__init__(told)

    @property
    def message(self) -> str:
        """The sentence a person reads: what is wrong, where, and what was probably meant."""
        return self.issues[0].details
