"""Writes the function that turns a record into resources, as plain Python over dicts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.functions import PartReferences, Present
from fhir_iop.mapping.reading import Fields
from fhir_iop.mapping.rules import Leaf, Member, Members, Part, drivers, is_written, member_tests
from fhir_iop.mapping.source import Writer, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fhir_iop.mapping.plan import Plan, ResourcePlan
    from fhir_iop.mapping.rules import Test


def forward_source(plan: Plan) -> str:
    """Return the source of ``forward(r, issues) -> list of resources`` for ``plan``.

    ``r`` is a record that its schema accepts; findings are added to ``issues``.
    """
    return _Forward(plan).write()


class _Forward:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._out = Writer(plan.context.bound)
        self._fields = Fields(plan, self._out)

    def write(self) -> str:
        out = self._out
        with out.block("def forward(r, issues):"):
            out.line('record_id = r["id"]')
            self._fields.open(self._plan.context.root)
            out.line("made = []")
            for resource in self._plan.resources:
                self._resource(resource)
            out.line("return made")
        return out.text()

    @contextmanager
    def _block(self, head: str, note: str = "") -> Iterator[None]:
        """Open a block; what is named inside is forgotten after it."""
        with self._fields.remembered(), self._out.block(head, note):
            yield

    # --- resources -----------------------------------------------------------------------------------------------

    def _resource(self, resource: ResourcePlan) -> None:
        role, source = resource.role, resource.role.source
        note = str(resource.place)
        if source is None:
            self._build_resource(resource, f'f"{{record_id}}/{role.name}"' if role.name else "record_id", note)
        elif role.many:
            items = self._fields.named(source)
            index, item = self._out.name("i"), self._out.name("item")
            self._fields.bases[resource.scope], self._fields.indexes[resource.scope] = item, index
            with self._block(f"for {index}, {item} in enumerate({items} or ()):", note):
                key = f"{{{item}['{role.key}']}}" if role.key else f"{{{index} + 1}}"
                self._fields.open(resource.scope)
                self._build_resource(resource, f'f"{{record_id}}/{role.name}/{key}"', note)
        else:
            name = self._fields.named(source)
            self._fields.bases[resource.scope] = name
            with self._block(f"if {name} is not None:", note):
                self._fields.open(resource.scope)
                self._build_resource(resource, f'f"{{record_id}}/{role.name}"', note)

    def _build_resource(self, resource: ResourcePlan, identity: str, note: str) -> None:
        kind = resource.role.resource
        self._out.line(f"identity = {identity}", note)
        head = [f'"resourceType": "{kind}"', f'"id": id_of({self._plan.kind!r}, identity)']
        name = self._build(resource.part, self._out.name(kind.lower()), head)
        self._out.line(f"made.append({name})")

    # --- parts ---------------------------------------------------------------------------------------------------

    def _build(self, part: Part, name: str, head: Iterable[str] = ()) -> str:
        """Write the statements that build ``part`` in the variable ``name``."""
        pairs: list[str] = list(head)
        late: list[tuple[str, Leaf]] = []
        opened = False
        for key, entry in part.ordered():
            if not is_written(entry):
                continue
            if isinstance(entry, list) and len(entry) == 1 and entry[0].computed and entry[0].computed.late:
                late.append((key, entry[0]))
                expression: str | None = "None"  # its place among the others; the value follows when they are there
            else:
                expression = self._expression(entry, name)
            if expression is not None and not opened:
                pairs.append(f'"{key}": {expression}')
                continue
            if not opened:
                self._out.line(f"{name} = {{{', '.join(pairs)}}}")
                opened = True
            if expression is not None:
                self._out.line(f'{name}["{key}"] = {expression}')
            else:
                self._statement(entry, name, key)
        if not opened:
            self._out.line(f"{name} = {{{', '.join(pairs)}}}")
        for key, leaf in late:
            self._out.line(f'{name}["{key}"] = {leaf.computed.expression(name, self._index(leaf))}', _note(leaf))  # type: ignore[union-attr]
            if not leaf.certain:
                with self._block(f'if {name}["{key}"] is None:'):
                    self._out.line(f'del {name}["{key}"]')
        return name

    def _constants(self, part: Part) -> int:
        """Count the entries that are there whether or not the record has anything for the part."""
        entries = [entry for entry in part.entries.values() if is_written(entry) and not drivers(entry)]
        return sum(not (isinstance(entry, list) and not any(leaf.certain for leaf in entry)) for entry in entries)

    def _present(self, leaves: list[Leaf]) -> bool:
        """Whether one of ``leaves`` writes something for sure, given what is known to be there."""
        return any(not leaf.tests and leaf.arrow != "<-" and leaf.needs <= self._fields.assumed for leaf in leaves)

    def _expression(self, entry: list[Leaf] | Part | Members, part: str) -> str | None:
        """Return what is written as one expression, or None where statements are needed."""
        if isinstance(entry, list):
            return self._leaf_expression(entry[0], part) if len(entry) == 1 else None
        if isinstance(entry, Part):
            return self._part_expression(entry, part)
        members = [member for member in entry.members if is_written(member.content)]
        if any(member.each is not None for member in members):
            return self._items_expression(members[0]) if len(members) == 1 else None
        items = [self._member_expression(member, part) for member in members]
        return None if None in items else f"[{', '.join(item for item in items if item)}]"

    def _items_expression(self, member: Member) -> str | None:
        """Return a list that is there for sure and whose items are plain values."""
        source = member.each.source if member.each else None
        if source is None or not self._fields.sure(source) or not isinstance(member.content, Leaf):
            return None
        if member.content.tests:
            return None
        return self._comprehension(member)

    def _comprehension(self, member: Member) -> str:
        leaf, scope = member.content, member.each
        if not isinstance(leaf, Leaf) or scope is None or scope.source is None:
            raise TypeError  # callers ask for lists of plain values only
        items = self._fields.read(scope.source)
        self._fields.bases[scope] = "x"
        value = self._converted(leaf, "x")
        return f"[{value} for x in {items}]"

    def _member_expression(self, member: Member, part: str) -> str | None:
        if isinstance(member.content, Leaf):
            if isinstance(member.content.function, Present):
                return None
            return self._leaf_expression(member.content, part)
        return self._part_expression(member.content, part, member.pattern)

    def _part_expression(self, inner: Part, part: str, pattern: Any = None) -> str | None:
        leaves = drivers(inner)
        if leaves and not inner.always and not self._present(leaves):
            return None
        pairs = _pattern_pairs(pattern, inner)
        for key, entry in inner.ordered():
            if not is_written(entry):
                continue
            if isinstance(entry, list) and any(leaf.computed and leaf.computed.late for leaf in entry):
                return None
            expression = self._expression(entry, part)
            if expression is None:
                return None
            pairs.append(f'"{key}": {expression}')
        return f"{{{', '.join(pairs)}}}"

    def _leaf_expression(self, leaf: Leaf, part: str) -> str | None:
        if (
            leaf.tests
            or leaf.arrow == "<-"
            or not leaf.needs <= self._fields.assumed
            or isinstance(leaf.function, Present)
        ):
            return None
        if leaf.computed is not None:
            return (
                None if isinstance(leaf.computed, PartReferences) else leaf.computed.expression(part, self._index(leaf))
            )
        if leaf.source is None:
            return repr(leaf.constant)
        return self._converted(
            leaf, self._fields.named(leaf.source) if leaf.function else self._fields.read(leaf.source)
        )

    def _converted(self, leaf: Leaf, value: str) -> str:
        if leaf.function is None or leaf.source is None:
            return value
        return leaf.function.forward(value, pointer(leaf.source, self._fields.indexes))

    def _index(self, leaf: Leaf) -> str:
        scope = leaf.computed.scope if leaf.computed else None
        while scope is not None and scope not in self._fields.indexes:
            scope = scope.parent
        return self._fields.indexes[scope] if scope is not None else "0"

    # --- what may be absent --------------------------------------------------------------------------------------

    def _statement(self, entry: list[Leaf] | Part | Members, name: str, key: str) -> None:
        """Write what puts ``entry`` under ``key`` of ``name`` where the record has something for it."""
        if isinstance(entry, list):
            for leaf in entry:
                self._leaf(leaf, f'{name}["{key}"] = {{}}', name)
            return
        if isinstance(entry, Part):
            self._optional(entry, f'{name}["{key}"] = {{}}', self._out.name(key), None)
            return
        members = [member for member in entry.members if is_written(member.content)]
        if len(members) == 1:
            self._guarded(members[0], key, f'{name}["{key}"] = {{}}', name, alone=True)
        else:
            items = self._out.name(key, "items")
            self._out.line(f"{items} = []")
            for member in members:
                self._guarded(member, key, f"{items}.append({{}})", name, alone=False, items=items)
            with self._block(f"if {items}:"):
                self._out.line(f'{name}["{key}"] = {items}')

    def _leaf(self, leaf: Leaf, put: str, part: str) -> None:
        """Write one leaf under its conditions; ``put`` has a ``{}`` for the value."""
        if leaf.arrow == "<-":
            return
        tests = [self._test(test) for test in leaf.tests]
        if tests:
            with self._block(f"if {' and '.join(tests)}:", _note(leaf)):
                self._plain_leaf(leaf, put, part)
        else:
            self._plain_leaf(leaf, put, part)

    def _plain_leaf(self, leaf: Leaf, put: str, part: str) -> None:
        if leaf.computed is not None and isinstance(leaf.computed, PartReferences):
            return
        source = leaf.source or (getattr(leaf.computed, "source", None) if leaf.computed else None)
        if source is not None and not self._fields.sure(source):
            value = self._fields.named(source)
            with self._block(f"if {value} is not None:", _note(leaf)):
                made = (
                    leaf.computed.expression(part, self._index(leaf)) if leaf.computed else self._converted(leaf, value)
                )
                self._out.line(put.replace("{}", made, 1))
            return
        if leaf.computed is not None:
            made = leaf.computed.expression(part, self._index(leaf))
        elif leaf.source is None:
            made = repr(leaf.constant)
        else:
            made = self._converted(
                leaf, self._fields.named(leaf.source) if leaf.function else self._fields.read(leaf.source)
            )
        self._out.line(put.replace("{}", made, 1), _note(leaf))

    def _test(self, test: Test) -> str:
        value = self._fields.read(test.source)
        if test.values:
            found = f"{value} == {test.values[0]!r}" if len(test.values) == 1 else f"{value} in {test.values!r}"
            return f"not ({found})" if test.negated else found
        if test.source.shape.kind == "boolean":
            return f"not {value}" if test.negated else value
        return f"{value} is None" if test.negated else f"{value} is not None"

    def _optional(self, part: Part, put: str, name: str, pattern: Any) -> None:
        """Write a part that is there only when the record has something for it."""
        leaves = drivers(part)
        if not leaves or part.always or self._present(leaves):
            self._build(part, name, _pattern_pairs(pattern, part))
            self._out.line(put.replace("{}", name, 1))
            return
        common = frozenset.intersection(*(leaf.needs for leaf in leaves)) - self._fields.assumed
        if (
            common
            and any(not leaf.tests and leaf.needs - self._fields.assumed <= common for leaf in leaves)
            and all(len(t) == 2 for t in common)
        ):
            with self._block(f"if {self._there(common)}:"):
                before, self._fields.assumed = self._fields.assumed, self._fields.assumed | common
                expression = self._part_expression(part, name, pattern)
                self._out.line(
                    put.replace("{}", expression or self._build(part, name, _pattern_pairs(pattern, part)), 1)
                )
                self._fields.assumed = before
            return
        pairs = _pattern_pairs(pattern, part)
        self._build(part, name, pairs)
        constants = self._constants(part) + len(pairs)
        with self._block(f"if len({name}) > {constants}:" if constants else f"if {name}:"):
            self._out.line(put.replace("{}", name, 1))

    def _there(self, tokens: frozenset[Any]) -> str:
        """Return the test of whether the fields of ``tokens`` are there."""
        deepest = [
            t for t in tokens if not any(o[0] is t[0] and o[1] != t[1] and o[1][: len(t[1])] == t[1] for o in tokens)
        ]
        tests = []
        for scope, steps in sorted(deepest, key=lambda token: token[1]):
            container = self._fields.containers.get((scope, steps))
            if container is not None:
                tests.append(container)
                continue
            name = self._out.name("v", *steps[-2:])
            self._out.line(f'{name} = {self._fields.container(scope, steps[:-1])}.get("{steps[-1]}")')
            self._fields.remember(scope, steps, name)
            tests.append(f"{name} is not None")
        return " and ".join(tests)

    # --- lists ---------------------------------------------------------------------------------------------------

    def _guarded(self, member: Member, key: str, put: str, part: str, *, alone: bool, items: str = "") -> None:
        """Write one kind of item under its conditions; those of a plain value are written with it."""
        content = member.content
        whole = isinstance(content, Leaf) and isinstance(content.function or content.computed, Present | PartReferences)
        tests = content.tests if whole and isinstance(content, Leaf) else member_tests(member)
        if not tests:
            self._member(member, key, put, part, alone=alone, items=items)
            return
        with self._block(f"if {' and '.join(map(self._test, tests))}:"):
            self._member(member, key, put, part, alone=alone, items=items)

    def _member(self, member: Member, key: str, put: str, part: str, *, alone: bool, items: str) -> None:
        """Write one kind of item; ``alone`` puts a whole list, else each item is appended to ``items``."""
        wrapped = put.replace("{}", "[{}]", 1) if alone else put
        content = member.content
        if isinstance(content, Leaf) and isinstance(content.computed, PartReferences):
            self._references(content, put if alone else f"{items}.extend({{}})")
        elif member.each is not None:
            self._items(member, key, put if alone else f"{items}.extend({{}})")
        elif isinstance(content, Leaf) and isinstance(content.function, Present) and content.source is not None:
            with self._block(f"if {self._fields.read(content.source)}:", _note(content)):
                self._out.line(wrapped.replace("{}", repr(member.pattern), 1))
        elif isinstance(content, Leaf):
            self._leaf(content, wrapped, part)
        else:
            self._optional(content, wrapped, self._out.name(key, member.slice or ""), member.pattern)

    def _references(self, leaf: Leaf, put: str) -> None:
        source = getattr(leaf.computed, "source", None)
        if source is None or leaf.computed is None:
            return
        items = self._fields.named(source)
        with self._block(f"if {items}:", _note(leaf)):
            self._out.line(put.replace("{}", leaf.computed.expression("", items), 1))

    def _items(self, member: Member, key: str, put: str) -> None:
        scope = member.each
        if scope is None or scope.source is None:
            return
        items = self._fields.named(scope.source)
        content = member.content
        with self._block(f"if {items}:", _note(content) if isinstance(content, Leaf) else ""):
            if isinstance(content, Leaf):
                self._fields.remember(scope.source.scope, scope.source.steps, items)
                self._out.line(put.replace("{}", self._comprehension(member), 1))
                return
            made, item, index = self._out.name(key, "made"), self._out.name("item"), self._out.name("i")
            self._fields.bases[scope], self._fields.indexes[scope] = item, index
            self._out.line(f"{made} = []")
            with self._block(f"for {index}, {item} in enumerate({items}):"):
                self._fields.open(scope)
                name = self._build(content, self._out.name(key), _pattern_pairs(member.pattern, content))
                self._out.line(f"{made}.append({name})")
            self._out.line(put.replace("{}", made, 1))


def _pattern_pairs(pattern: Any, part: Part) -> list[str]:
    """Return the constants of a slice that no rule of the part writes itself."""
    if not isinstance(pattern, dict):
        return []
    return [f'"{key}": {value!r}' for key, value in pattern.items() if value is not None and key not in part.entries]


def _note(leaf: Leaf) -> str:
    return f"{leaf.place.file}:{leaf.place.line} {leaf.text}"
