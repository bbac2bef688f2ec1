"""How a function is described: one entry a function, so that the catalogue reads as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fhir_iop.fhirpath.plan import Nothing, Plan
from fhir_iop.fhirpath.scalar import ScalarCall

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fhir_iop.fhirpath.model import Model
    from fhir_iop.fhirpath.scopes import Scope

# How an argument is given to the function's builder; `?` marks what may be left out, `*` what may come any number of
# times. `value`: a plan, evaluated where the call stands. `type`: a tuple of names. `name`: a literal string.
# All others are a `Lambda`. `each` is evaluated for each item of the input; so is `sort`, with a direction, `again`,
# also for what it gives itself, and `total`, with a `$total`. In `focus` `$this` is the input's only item, in `whole`
# all of the input.
Parameter = Literal[
    "value", "value?", "value*", "type", "name",
    "each", "each?", "sort*", "again", "total", "focus", "focus?", "whole?",
]  # fmt: skip


class Lambda(NamedTuple):
    """An argument that is evaluated for each item: its scope, in which ``$this`` is the item, and its plan."""

    scope: Scope
    plan: Plan
    descending: bool = False


class Call(NamedTuple):
    """What a builder knows: the function's name, its input, and where it stands."""

    name: str
    source: Plan
    scope: Scope
    model: Model
    variables: dict[str, Plan]


@dataclass(frozen=True)
class Function:
    """One function. ``build(call, *arguments)`` returns its plan and raises FhirPathError for what it can't take."""

    name: str
    parameters: tuple[Parameter, ...]
    build: Callable[..., Plan]

    @property
    def fewest(self) -> int:
        """The number of arguments that must be given."""
        return sum(parameter[-1] not in "?*" for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """The number of arguments that can be given, None for any."""
        return None if any(parameter.endswith("*") for parameter in self.parameters) else len(self.parameters)


def scalar(
    name: str,
    takes: str,
    arguments: Sequence[str],
    gives: str,
    python: str | Callable[..., Any],
    *,
    partial: bool | None = None,
) -> Function:
    """Describe a function of single values.

    ``takes``, ``arguments`` and ``gives`` are System types (an argument with ``?`` may be left out). ``python`` is an
    expression in which ``{0}`` is the input and ``{1}`` the first argument, or one of our functions; it is evaluated
    only where all operands are there. ``partial``: it may have no result (assumed of functions).
    """
    may_fail = not isinstance(python, str) if partial is None else partial

    def build(call: Call, *given: Plan) -> Plan:
        operands = [(call.source, takes)]
        operands += [(plan, kind.rstrip("?")) for plan, kind in zip(given, arguments, strict=False)]
        if any(plan.shape.is_empty for plan, _ in operands):
            return Nothing()
        return ScalarCall(name, gives, operands, python, partial=may_fail)

    parameters: tuple[Parameter, ...] = tuple("value?" if kind.endswith("?") else "value" for kind in arguments)
    return Function(name, parameters, build)
