"""From a mapping file to resolved rules: every field found in the schema, every path in the profile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.evaluated import Evaluated, reading
from fhir_iop.mapping.fields import resolve
from fhir_iop.mapping.functions import COMPUTED, FUNCTIONS, Context, Identity, Role
from fhir_iop.mapping.lines import (
    Call,
    Field,
    Line,
    LineError,
    parse_condition,
    parse_field,
    parse_line,
    parse_pair,
    parse_path,
)
from fhir_iop.mapping.paths import Paths, Unresolved
from fhir_iop.mapping.refusal import hint
from fhir_iop.mapping.rules import Leaf, Member, Members, Part, Scope, Source, Test, list_sources, members_of
from fhir_iop.mapping.targets import root
from fhir_iop.mapping.values import constant, fits

if TYPE_CHECKING:
    from fhir_iop.mapping.document import Located, Place
    from fhir_iop.mapping.functions import Function
    from fhir_iop.mapping.lines import Segment
    from fhir_iop.mapping.shapes import Shape
    from fhir_iop.mapping.targets import Target

_BLOCK_DEPTH = 8


@dataclass
class ResourcePlan:
    """One resource that a record becomes: the tree of its rules, and what it is made from.

    ``identity`` are the JSON names that lead to the Identifier by which it is known to be of its record.
    """

    role: Role
    part: Part
    scope: Scope
    profiles: tuple[str, ...]
    place: Place
    identity: tuple[str, ...] = ("identifier",)


@dataclass
class Plan:
    """A whole mapping, resolved. ``leaves`` are all rules in the file's order."""

    kind: str
    file: str
    context: Context
    resources: list[ResourcePlan] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    dropped: dict[str, str] = field(default_factory=dict)

    @cached_property
    def sources(self) -> list[Source]:
        """Every field that rules and conditions read, and every list whose items they go through."""
        found = [leaf.source for leaf in self.leaves if leaf.source is not None]
        found += [test.source for leaf in self.leaves for test in leaf.tests]
        found += [resource.role.source for resource in self.resources if resource.role.source is not None]
        return found + [source for resource in self.resources for source in list_sources(resource.part)]


@dataclass(frozen=True)
class _Frame:
    """Where a list of rules stands: what fields and paths are counted from, and under which conditions.

    ``without`` are the rules that an overlay leaves out, as they are written.
    """

    scope: Scope
    prefix: tuple[str, ...]
    part: Part
    tests: tuple[Test, ...] = ()
    depth: int = 0
    without: frozenset[str] = frozenset()


class Planner:
    """Resolves one mapping file; findings go to the context's problems."""

    def __init__(self, document: Located, file: str, context: Context) -> None:
        self._document = document
        self._context = context
        self._names = context.names
        self._problems = context.problems
        self._paths = Paths(context.names)
        self.plan = Plan(context.kind, file, context)
        self._seen: set[str] = set()  # the lines of the resource at hand

    def run(self) -> Plan:
        """Resolve all rules."""
        drop = self._document.get("drop")
        if drop is not None:
            self._drop(drop)
        for entry in (self._document.get("to") or self._document).items():
            self._resource(entry)
        return self.plan

    def _drop(self, drop: Located) -> None:
        """Note the fields that are left out on purpose; they must exist, in lists too (``steps.advice``)."""
        for name, reason in drop.value.items():
            place = drop.keys[name]
            try:
                steps = parse_field(name, place).steps
            except LineError as error:
                self._problems.add("mapping-line", error.place, reason=error.reason)
                steps = ()
            shape: Shape | None = self._context.root.shape
            for step in steps:
                owner = shape.item if shape is not None and shape.kind == "array" else shape
                shape = owner.field(step) if owner is not None else None
                if shape is None:
                    known = owner.properties if owner is not None else ()
                    self._problems.add("mapping-field", place, field=name, hint=hint(step, known))
                    break
                place = place.moved(len(step) + 1)
            self.plan.dropped[name] = str(reason.value)

    # --- resources -----------------------------------------------------------------------------------------------

    def _resource(self, entry: Located) -> None:
        name, given, kind = entry.get("role"), entry.get("profile"), entry.get("resource")
        role = self._context.kinds[self.plan.kind][str(name.value) if name else ""]
        listed = given.items() or [given] if given is not None else []
        profiles = tuple(self._names.address(str(item.value), item.place) for item in listed)
        place = (given or kind or entry).place
        target = root(self._names.definitions, role.resource, profiles[0] if profiles else None)
        if target is None:
            self._unknown(role.resource, profiles, place)
            return
        scope = self._scope(role, entry)
        if scope is None:
            return
        part = Part(target)
        resource = ResourcePlan(role, part, scope, profiles, entry.place)
        elsewhere = entry.get("identifier")
        if elsewhere is None:
            self._identify(part, place)
        else:
            resource.identity = self._identify_at(elsewhere, part)
        self._claim(part, profiles, place)
        self.plan.resources.append(resource)
        without = entry.get("without")
        left_out = {" ".join(str(line.value).split()): line for line in (without.items() if without else ())}
        self._seen = set()
        self._rules(entry.get("rules"), _Frame(scope, (), part, without=frozenset(left_out)))
        for member in members_of(part):
            if isinstance(member.content, Part):
                _complete(member.content, member.pattern, entry.place)
        for text, line in left_out.items():
            if text not in self._seen:
                self._names.unknown("rule", text, self._seen, line.place)

    def _unknown(self, resource: str, profiles: tuple[str, ...], place: Place) -> None:
        types = self._names.definitions.resource_types
        if resource not in types:
            self._problems.add("mapping-resource", place, resource=resource, hint=hint(resource, types))
        else:
            self._problems.add("mapping-profile", place, profile=profiles[0] if profiles else "", resource=resource)

    def _scope(self, role: Role, entry: Located) -> Scope | None:
        """Return what the fields of a resource's rules are counted from; None where there is no such field."""
        given = entry.get("each") or entry.get("with")
        if given is None:
            return self._context.root
        if role.source is None:
            return None
        shape = role.source.shape.item if role.many else role.source.shape
        if shape is None:
            self._problems.add("mapping-list-field", given.place, field=str(role.source), kind=role.source.shape.kind)
            return None
        key = entry.get("key")
        if key is not None and shape.field(role.key) is None:
            self._problems.add("mapping-field", key.place, field=role.key, hint=hint(role.key, shape.properties))
        elif role.many:
            self._ask_for_an_end(role, (key or given).place)
        return Scope(shape, self._context.root, role.source)

    def _ask_for_an_end(self, role: Role, place: Place) -> None:
        """Report a list that may hold any resources: those that a record leaves out later couldn't be found."""
        if role.source is None or role.source.shape.item is None:
            return
        list_, key = role.source.shape, role.source.shape.item.field(role.key) if role.key else None
        if key is None and "maxItems" not in list_.schema:
            self._problems.add("mapping-list-end", place, field=str(role.source), word="maxItems")
        if key is not None and key.enum is None:
            self._problems.add("mapping-list-end", place, field=f"{role.source}[].{role.key}", word="enum")

    def _identify(self, part: Part, place: Place) -> None:
        """Give the resource the identifier that its record is found by on the way back."""
        target = part.target.children.get("identifier")
        if target is None:
            self._problems.add("mapping-no-identifier", place, resource=part.target.path)
            return
        leaf = self._identity(target, place, "identifier")
        if target.is_list:
            pattern = {"system": self._context.system(self.plan.kind)}
            part.entries[target.name] = Members(target, [Member(leaf, pattern)])
        else:
            part.entries[target.name] = [leaf]

    def _identify_at(self, elsewhere: Located, part: Part) -> tuple[str, ...]:
        """Put the identifier where the mapping says, in a resource that has none of its own; return the way there."""
        text = str(elsewhere.value)
        try:
            path = parse_path(text, elsewhere.place)
            inner = self._paths.part(part, path[:-1])
            target = self._paths.child(inner, path[-1])
        except LineError as error:
            self._problems.add("mapping-line", error.place, reason=error.reason)
            return ()
        except Unresolved:
            return ()
        if target.type != "Identifier" or target.is_list:
            found = f"a list of {target.type}" if target.is_list else target.type or "open"
            place = path[-1].place
            self._problems.add("mapping-function-target", place, call="identifier:", wanted="Identifier", found=found)
            return ()
        inner.entries[target.name] = [self._identity(target, elsewhere.place, text)]
        return tuple(segment.name for segment in path)

    def _identity(self, target: Target, place: Place, path: str) -> Leaf:
        leaf = Leaf(target, "=", place, f"{path} = identity()")
        leaf.computed = Identity(Call("identity", (), place), target, self._context, self._context.root)
        return leaf

    def _claim(self, part: Part, profiles: tuple[str, ...], place: Place) -> None:
        """Let the resource say which profiles it follows."""
        if not profiles:
            return
        meta = part.target.children["meta"]
        inner = meta.children["profile"]
        leaves = [Leaf(inner, "=", place, f"meta.profile = {profile}", constant=profile) for profile in profiles]
        members = Members(inner, [Member(leaf, leaf.constant) for leaf in leaves])
        part.entries["meta"] = Part(meta, {"profile": members}, always=True)

    # --- rules ---------------------------------------------------------------------------------------------------

    def _rules(self, rules: Located | None, frame: _Frame) -> None:
        if rules is not None and frame.depth > _BLOCK_DEPTH:
            self._problems.add("mapping-block-loop", rules.place)
            return
        for rule in rules.items() if rules else ():
            try:
                self._rule(rule, frame)
            except LineError as error:
                self._problems.add("mapping-line", error.place, reason=error.reason)
            except Unresolved:
                continue

    def _rule(self, rule: Located, frame: _Frame) -> None:
        inner = rule.get("rules")
        if isinstance(rule.value, str):
            text = " ".join(rule.value.split())
            self._seen.add(text)
            if text not in frame.without:
                self._line(parse_line(rule.value, rule.place), frame)
        elif (use := rule.get("use")) is not None:
            block = self._names.blocks.get(str(use.value))
            if block is None:
                self._names.unknown("block", str(use.value), self._names.blocks, use.place)
            self._rules(block, replace(frame, depth=frame.depth + 1))
        elif (when := rule.get("when")) is not None:
            self._rules(inner, replace(frame, tests=(*frame.tests, self._test(when, frame))))
        elif (each := rule.get("each")) is not None:
            self._each(each, inner, frame)
        elif (group := rule.get("with")) is not None:
            named, path = parse_pair(str(group.value), group.place)
            source = self._source(named, frame)
            part = self._paths.part(frame.part, path)
            self._rules(inner, replace(frame, scope=source.scope, prefix=source.steps, part=part))

    def _test(self, when: Located, frame: _Frame) -> Test:
        condition = parse_condition(str(when.value), when.place)
        source = self._source(condition.field, frame)
        enum = source.shape.enum
        values = tuple(self._names.constant(value, when.place) for value in condition.values)
        for value in values:
            if enum is not None and value not in enum:
                hinted = hint(str(value), map(str, enum))
                self._problems.add("mapping-when", when.place, value=value, field=str(source), hint=hinted)
        return Test(source, condition.negated, values)

    def _each(self, each: Located, rules: Located | None, frame: _Frame) -> None:
        named, path = parse_pair(str(each.value), each.place)
        scope = self._items(named, frame)
        part = self._paths.part(frame.part, path[:-1])
        target = self._paths.child(part, path[-1])
        if not target.is_list:
            self._problems.add("mapping-list", path[-1].place, field=str(named), path=target.path)
            raise Unresolved
        content = self._item(part, path[-1], target, scope)
        self._rules(rules, replace(frame, scope=scope, prefix=(), part=content))

    def _item(self, part: Part, segment: Segment, target: Target, scope: Scope) -> Part:
        """Return a new part for each item of a list."""
        content = Part(target)
        self._paths.members(part, segment, target).members.append(self._paths.member(segment, content, scope))
        return content

    def _items(self, named: Field, frame: _Frame) -> Scope:
        """Return the scope of the items of a list. Raises Unresolved where the field is none."""
        source = self._source(named, frame)
        item = source.shape.item
        if item is None:
            self._problems.add("mapping-list-field", named.place, field=str(named), kind=source.shape.kind)
            raise Unresolved
        return Scope(item, source.scope, source)

    def _source(self, named: Field, frame: _Frame) -> Source:
        source = resolve(frame.scope, frame.prefix, named, self._problems)
        if source is None:
            raise Unresolved
        return source

    # --- lines ---------------------------------------------------------------------------------------------------

    def _line(self, line: Line, frame: _Frame) -> None:
        lists = [segment for segment in line.path if segment.many]
        if len(lists) > 1:
            raise LineError("`[]` stands once in a path; nest further lists with `each:`", lists[1].place)
        if line.field is None:
            self._write(line, frame, None, None)
            return
        if frame.tests and line.arrow != "->":
            self._problems.add("mapping-when-two-way", line.place)
            return
        source = self._source(line.field, frame)
        if line.expression is not None:
            self._read(line, frame, source)
            return
        made = FUNCTIONS.get(line.call.name) if line.call else None
        whole = source.shape.kind == "array" and not line.field.many and not (made is not None and made.takes_lists)
        if line.field.many != bool(lists) or whole:
            path = f"{frame.part.target.path}.{line.path_text}"
            self._problems.add("mapping-list", line.path[-1].place, field=str(line.field), path=path)
            return
        scope = self._items(line.field, frame) if lists else None
        if scope is not None:
            source = Source(scope, (), scope.shape, frozenset())
        self._write(line, frame, source, scope)

    def _read(self, line: Line, frame: _Frame, source: Source) -> None:
        """Note what FHIRPath reads of the part that the rule stands in."""
        read = reading(line, frame.part.target, source, self._context)
        if read is not None:
            leaf = Leaf(frame.part.target, line.arrow, line.place, line.text, source, read=read)
            self.plan.leaves.append(leaf)
            frame.part.read.append(leaf)

    def _write(self, line: Line, frame: _Frame, source: Source | None, scope: Scope | None) -> None:
        """Put what ``line`` writes into the tree, below the item of its list where it has one."""
        part, way, last = frame.part, line.path[:-1], line.path[-1]
        at = next((n for n, segment in enumerate(way) if segment.many), None)
        if at is not None and scope is not None:
            above = self._paths.part(part, way[:at])
            part = self._item(above, way[at], self._paths.child(above, way[at]), scope)
            way, scope = way[at + 1 :], None
        part = self._paths.part(part, way)
        target = self._paths.child(part, last)
        leaf = self._leaf(line, frame, part, target, source)
        self.plan.leaves.append(leaf)
        if not target.is_list:
            entry = part.entries.setdefault(target.name, [])
            if not isinstance(entry, list):
                self._problems.add("mapping-twice", last.place, path=target.path, other="")
                return
            entry.append(leaf)
            return
        member = self._paths.member(last, leaf, scope)
        if leaf.constant is not None and member.pattern is None:
            member.pattern = leaf.constant  # an item that is always the same is told by what it is
        self._paths.members(part, last, target).members.append(member)

    def _leaf(self, line: Line, frame: _Frame, part: Part, target: Target, source: Source | None) -> Leaf:
        leaf = Leaf(target, line.arrow, line.place, line.text, source, tests=frame.tests)
        if source is None and line.expression is not None:
            leaf.computed = Evaluated(line, part.target, target, self._context, frame.scope)
            usable = leaf.computed.usable
        elif source is None and line.call is None:
            leaf.constant = constant(line, target, self._names)
            usable = leaf.constant is not None
        elif source is None and line.call is not None:
            computed = self._named(line.call, COMPUTED)
            leaf.computed = computed(line.call, target, self._context, frame.scope)
            usable = leaf.computed.usable
        elif source is not None and line.call is not None:
            leaf.function = self._function(line, line.call, target, source)
            usable = leaf.function.usable
        else:
            usable = source is not None and fits(line, target, source, self._names)
        if not usable:
            raise Unresolved
        return leaf

    def _function(self, line: Line, call: Call, target: Target, source: Source) -> Function:
        function = self._named(call, FUNCTIONS)
        if function.one_way and line.arrow != "->":
            self._problems.add("mapping-one-way", line.place, call=call.name)
            raise Unresolved
        made: Function = function(call, source, target, self._context)
        return made

    def _named(self, call: Call, known: dict[str, Any]) -> Any:
        if call.name not in known:
            self._names.unknown("function", call.name, known, call.place)
            raise Unresolved
        return known[call.name]


def _complete(part: Part, pattern: Any, place: Place) -> None:
    """Let ``part`` write what tells its slice inside of elements that rules write, too."""
    for key, value in pattern.items() if isinstance(pattern, dict) else ():
        entry = part.entries.get(key)
        if not isinstance(entry, Part) or not isinstance(value, dict):
            continue
        for name, told in value.items():
            target = entry.target.children.get(name)
            if target is not None and name not in entry.entries and isinstance(told, str | bool | int):
                entry.entries[name] = [Leaf(target, "=", place, f"{key}.{name} = {told}", constant=told)]
        _complete(entry, value, place)
