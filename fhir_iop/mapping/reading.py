"""Where generated code finds the values of a record: which variable, which look-up, and what may be absent."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.plan import Plan
    from fhir_iop.mapping.rules import Scope, Source
    from fhir_iop.mapping.source import Writer


class Fields:
    """Writes how fields are read, each no more often than needed.

    ``bases`` names the record and the items of its lists, ``indexes`` the positions in these, ``containers`` the
    objects inside. ``assumed`` are fields that are known to be there where code is being written.
    """

    def __init__(self, plan: Plan, out: Writer) -> None:
        self._sources = plan.sources
        self._out = out
        self._values: dict[tuple[Scope, tuple[str, ...]], str] = {}
        self.bases: dict[Scope, str] = {plan.context.root: "r"}
        self.indexes: dict[Scope, str] = {}
        self.containers: dict[tuple[Scope, tuple[str, ...]], str] = {}
        self.assumed: frozenset[Any] = frozenset()

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """Forget, at the end, the variables that were made meanwhile: a block's are not the code's around it."""
        values = dict(self._values)
        yield
        self._values = values

    def remember(self, scope: Scope, steps: tuple[str, ...], name: str) -> None:
        """Note that the field's value is in the variable ``name``."""
        self._values[scope, steps] = name

    def open(self, scope: Scope) -> None:
        """Name the objects inside ``scope`` that rules reach into, so that each is looked up once."""
        wanted = {s.steps[:n] for s in self._sources if s.scope is scope for n in range(1, len(s.steps))}
        for steps in sorted(wanted, key=len):
            above, name = self.container(scope, steps[:-1]), self._out.name(*steps)
            found = (
                f'{above}["{steps[-1]}"]' if self._required(scope, steps) else f'{above}.get("{steps[-1]}") or EMPTY'
            )
            self._out.line(f"{name} = {found}")
            self.containers[scope, steps] = name

    def _required(self, scope: Scope, steps: tuple[str, ...]) -> bool:
        """Whether the object at ``steps`` is always there: some field inside it says so."""
        inside = [s for s in self._sources if s.scope is scope and s.steps[: len(steps)] == steps]
        return any(not any(steps[:n] in s.optional for n in range(1, len(steps) + 1)) for s in inside)

    def container(self, scope: Scope, steps: tuple[str, ...]) -> str:
        """Return the name of the object at ``steps``; of none, of the scope's own."""
        return self.containers[scope, steps] if steps else self.bases[scope]

    def read(self, source: Source) -> str:
        """Return the expression of a field's value; None where it isn't there."""
        token = (source.scope, source.steps)
        if token in self._values:
            return self._values[token]
        if not source.steps:
            return self.bases[source.scope]
        above, last = self.container(source.scope, source.steps[:-1]), source.steps[-1]
        if self.sure(source) and not source.has_default:
            return f'{above}["{last}"]'
        default = f", {source.shape.schema['default']!r}" if source.has_default else ""
        return f'{above}.get("{last}"{default})'

    def sure(self, source: Source) -> bool:
        """Whether the field is there for sure, given what is assumed."""
        return source.certain or source.needs <= self.assumed

    def named(self, source: Source) -> str:
        """Read a field into a variable and return its name."""
        value = self.read(source)
        if value.isidentifier():
            return value
        name = self._out.name("v", *source.steps[-2:])
        self._out.line(f"{name} = {value}")
        self.remember(source.scope, source.steps, name)
        return name
