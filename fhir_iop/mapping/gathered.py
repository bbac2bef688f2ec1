"""The fields of a record while the function is written that reads them back: a variable each, and what they make up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.rules import Leaf, Part, leaves_of, members_of

if TYPE_CHECKING:
    from fhir_iop.mapping.plan import Plan
    from fhir_iop.mapping.rules import Member, Scope, Source
    from fhir_iop.mapping.source import Writer


class Gathered:
    """The fields that the rules of ``plan`` read back; statements about them go to ``out``."""

    def __init__(self, plan: Plan, out: Writer) -> None:
        self._plan = plan
        self._out = out
        self._variables: dict[tuple[Scope, tuple[str, ...]], str] = {}
        self._order: dict[Scope, list[Source]] = {}
        self._readers = Counter(
            (leaf.source.scope, leaf.source.steps) for leaf in plan.leaves if leaf.source and leaf.arrow != "->"
        )
        self._readers.update(
            (member.each.source.scope, member.each.source.steps)
            for resource in plan.resources
            for member in members_of(resource.part)
            if member.each is not None and member.each.source is not None and _is_read(member)
        )

    def readers(self, source: Source) -> int:
        """Return how many rules read the field back."""
        return self._readers[source.scope, source.steps]

    def __contains__(self, source: Source) -> bool:
        """Whether the field has a variable by now."""
        return (source.scope, source.steps) in self._variables

    def variable(self, source: Source) -> str:
        """Return the variable that holds the field, which has one."""
        return self._variables[source.scope, source.steps]

    def declare(self, scope: Scope) -> None:
        """Give each field that is read in ``scope`` a variable."""
        for source in self.read_in(scope):
            name = self._out.name("f", *source.steps[-2:])
            self._variables[scope, source.steps] = name
            self._out.line(f"{name} = None")

    def read_in(self, scope: Scope) -> list[Source]:
        """Return the fields of ``scope`` that are read back, each once."""
        if scope not in self._order:
            found: dict[tuple[str, ...], Source] = {}
            for resource in self._plan.resources:
                _collect(resource.part, scope, found)
                source = resource.role.source
                if source is not None and source.scope is scope:
                    found.setdefault(source.steps, source)
            self._order[scope] = list(found.values())
        return self._order[scope]

    def assemble(self, scope: Scope, name: str, head: list[str]) -> None:
        """Write the statements that make an object of a scope's variables, in the schema's order."""
        tree: dict[str, Any] = {}
        for source in self.read_in(scope):
            node = tree
            for step in source.steps[:-1]:
                node = node.setdefault(step, {})
            node[source.steps[-1]] = source
        self._out.line(f"{name} = {{{', '.join(head)}}}")
        self._object(tree, list(scope.shape.properties), name, scope)

    def made(self, scope: Scope) -> str:
        """Return the name of what was read in ``scope``: an object, or the one value where the items are plain."""
        if any(not source.steps for source in self.read_in(scope)):
            return self._variables[scope, ()]
        made = self._out.name("made")
        self.assemble(scope, made, [])
        return made

    def _object(
        self, tree: dict[str, Any], order: list[str], name: str, scope: Scope, way: tuple[str, ...] = ()
    ) -> None:
        rank = {field: position for position, field in enumerate(order)}
        for field, inner in sorted(tree.items(), key=lambda item: rank.get(item[0], 0)):
            if isinstance(inner, dict):
                shape = scope.shape
                for step in (*way, field):
                    shape = shape.field(step) or shape
                part = self._out.name("o", *way[-1:], field)
                self._out.line(f"{part} = {{}}")
                self._object(inner, list(shape.properties), part, scope, (*way, field))
                with self._out.block(f"if {part}:"):
                    self._out.line(f'{name}["{field}"] = {part}')
                continue
            variable = self._variables[scope, inner.steps]
            test = f"{variable} is not None"
            if "default" in inner.shape.schema:
                test += f" and {variable} != {inner.shape.schema['default']!r}"
            with self._out.block(f"if {test}:"):
                self._out.line(f'{name}["{field}"] = {variable}')

    def keep(self, source: Source, value: str, where: str) -> None:
        """Keep a field's value; where it is read in several places, one that says otherwise is a finding."""
        variable = self.variable(source)
        if self.readers(source) == 1:
            self._out.line(f"{variable} = {value}")
            return
        with self._out.block(f"if {variable} is None:"):
            self._out.line(f"{variable} = {value}")
        with self._out.block(f"elif {variable} != {value}:"):
            self._out.line(f"differs(issues, {where}, {str(source)!r})")

    def differ(self, source: Source, value: str, where: str) -> None:
        """Report a field that was read otherwise than ``value``; nothing where it isn't read."""
        if source not in self:
            self._out.line("pass")
            return
        variable = self.variable(source)
        with self._out.block(f"if {variable} is not None and {variable} != {value}:"):
            self._out.line(f"differs(issues, {where}, {str(source)!r})")


def _is_read(member: Member) -> bool:
    return any(leaf.arrow != "->" and leaf.source is not None for leaf in leaves_of(member.content))


def _collect(entry: Any, scope: Scope, found: dict[tuple[str, ...], Source]) -> None:
    """Add the fields of ``scope`` that rules below ``entry`` read back."""
    if isinstance(entry, Leaf):
        entry = [entry]
    if isinstance(entry, list):
        for leaf in entry:
            if leaf.source is not None and leaf.source.scope is scope and leaf.arrow != "->":
                found.setdefault(leaf.source.steps, leaf.source)
    elif isinstance(entry, Part):
        for inner in entry.entries.values():
            _collect(inner, scope, found)
        _collect(entry.read, scope, found)
    else:
        for member in entry.members:
            if member.each is not None and member.each.source is not None and member.each.source.scope is scope:
                found.setdefault(member.each.source.steps, member.each.source)
            _collect(member.content, scope, found)
