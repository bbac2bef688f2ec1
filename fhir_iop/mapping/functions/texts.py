"""Text that changes its form: `prefix(TEXT)`."""

from __future__ import annotations

from fhir_iop.mapping.functions.base import Function


class Prefix(Function):
    """A word ⇄ the same with a text before it: ``44250-9`` ⇄ ``/44250-9``."""

    name = "prefix"
    recognises = True

    def prepare(self) -> None:
        """Check both sides."""
        self.needs_type("string", "uri", "id", "code")
        self.needs_kind("string")
        if len(self.call.arguments) != 1:
            self.wrong("mapping-arguments", call=str(self.call), wanted="prefix(TEXT)")
            return
        self.text = self.call.arguments[0]

    def forward(self, value: str, pointer: str) -> str:
        """Put the text before it."""
        return f"{self.text!r} + {value}"

    def backward(self, value: str) -> str:
        """Take it away; what doesn't begin with it isn't ours."""
        return f"({value}.removeprefix({self.text!r}) if {value}.startswith({self.text!r}) else None)"
