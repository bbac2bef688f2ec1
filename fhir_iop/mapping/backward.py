"""Writes the function that turns resources back into the record that they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.functions import Present
from fhir_iop.mapping.functions.computed import Position, Sentence
from fhir_iop.mapping.gathered import Gathered
from fhir_iop.mapping.rules import Leaf, Member, Members, Part, leaves_of
from fhir_iop.mapping.source import Writer

if TYPE_CHECKING:
    from fhir_iop.mapping.plan import Plan, ResourcePlan
    from fhir_iop.mapping.rules import Scope, Source
    from fhir_iop.mapping.targets import Target

# What a server or a label adds to any resource, and the program's records don't speak of.
_NOT_THE_RECORDS = ("resourceType", "id", "meta", "text")
_META = "meta"


def backward_source(plan: Plan) -> str:
    """Return the source of ``backward(found, record_id, issues) -> record`` for ``plan``.

    ``found`` has the resources of one record by role, each as a list of (key, resource) in the order of the keys. What
    the record has no place for is a finding in ``issues``.
    """
    return _Backward(plan).write()


class _Backward:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._out = Writer(plan.context.bound)
        self._fields = Gathered(plan, self._out)
        self._top = ""  # the resource at hand
        self._named: tuple[frozenset[str], ...] = ()  # by FHIRPath, of the parts around
        self._written: dict[Scope, str] = {}  # by scope of items that are only written: what gathers them
        self._lists: dict[int, str] = {}  # by member: the variable that gathers its items

    def write(self) -> str:
        out = self._out
        root = self._plan.context.root
        with out.block("def backward(found, record_id, issues):"):
            self._fields.declare(root)
            for resource in self._plan.resources:
                self._resource(resource)
            record = out.name("record")
            self._fields.assemble(root, record, [f'"record": {self._plan.kind!r}', '"id": record_id'])
            out.line(f"return {record}")
        return out.text()

    # --- resources -----------------------------------------------------------------------------------------------

    def _resource(self, resource: ResourcePlan) -> None:
        role, source = resource.role, resource.role.source
        key, name = self._out.name("key"), self._out.name(role.resource.lower())
        items = ""
        if role.many and source is not None:
            items = self._fields.variable(source)
        with self._out.block(f"for {key}, {name} in found.get({role.name!r}, ()):", str(resource.place)):
            self._out.line(f"identity = {self._identity(role.name, role.many, key)}")
            if source is not None:
                self._fields.declare(resource.scope)
            self._top = name
            self._part(resource.part, name, f'"{role.resource}"', top=True)
            if source is None or not self._fields.read_in(resource.scope):  # its rules only write
                return
            if role.key:  # the item's own field names its resource
                self._key(resource, key)
            made = self._fields.made(resource.scope)
            if role.many:
                self._out.line(f"{items} = [*({items} or ()), {made}]")
            else:
                self._out.line(f"{self._fields.variable(source)} = {made}")

    def _key(self, resource: ResourcePlan, key: str) -> None:
        for source in self._fields.read_in(resource.scope):
            if source.steps == (resource.role.key,):
                variable = self._fields.variable(source)
                self._out.line(f"{variable} = {variable} or {key}")

    def _identity(self, role: str, many: bool, key: str) -> str:
        if not role:
            return "record_id"
        return f'f"{{record_id}}/{role}/{{{key}}}"' if many else f'f"{{record_id}}/{role}"'

    # --- parts ---------------------------------------------------------------------------------------------------

    def _part(
        self, part: Part, name: str, where: str, *, top: bool = False, pattern: Any = None, index: str = "0"
    ) -> None:
        """Write what reads ``part`` out of the dict ``name``; ``where`` is the expression of its place."""
        known = {*part.entries, *(pattern if isinstance(pattern, dict) else ()), *(_NOT_THE_RECORDS if top else ())}
        for leaf in (leaf for entry in part.entries.values() if isinstance(entry, list) for leaf in entry):
            if isinstance(leaf.computed, Sentence) and leaf.computed.reads:
                self._out.line(f"{name} = {leaf.computed.reads}({name})", _note(leaf))
        around = self._named
        self._named = (*around, *(leaf.read.names for leaf in part.read if leaf.read is not None))
        known |= {name for name, child in part.target.children.items() if self._is_named(child)}
        constant = self._out.name("KNOWN")
        self._plan.context.bound[f"back_{constant}"] = frozenset(known)
        with self._out.block(f"if not {name}.keys() <= back_{constant}:"):
            self._out.line(f"unread(issues, {where}, {name}.keys() - back_{constant})")
        for key, entry in part.ordered():
            inside = _joined(where, key)
            if key == _META and top and isinstance(entry, Part):
                self._meta(entry, name)
            elif isinstance(entry, list):
                self._leaves(entry, name, key, inside, index)
            elif isinstance(entry, Part):
                inner = self._out.name(key)
                self._out.line(f'{inner} = {name}.get("{key}")')
                with self._out.block(f"if {inner} is not None:"):
                    self._part(entry, inner, inside, index=index)
            else:
                self._list(entry, name, key, inside, index)
        for leaf in part.read:
            self._evaluate(leaf, name, where)
        self._named = around

    def _is_named(self, target: Target) -> bool:
        """Whether FHIRPath of a part around names the element, so that it is read perhaps."""
        stem = target.element.path.rpartition(".")[2].removesuffix("[x]")
        return any(stem in names for names in self._named)

    def _evaluate(self, leaf: Leaf, name: str, where: str) -> None:
        """Write what keeps the value that FHIRPath gives for the part ``name``."""
        if leaf.read is None or leaf.source is None:
            return
        value = self._out.name("v", *leaf.source.steps[-1:])
        self._out.line(f"{value} = {leaf.read.called}({name}, {self._top}, {where}, issues)", _note(leaf))
        with self._out.block(f"if {value} is not None:"):
            self._fields.keep(leaf.source, value, where)

    def _meta(self, meta: Part, name: str) -> None:
        """Read of ``meta`` what rules ask for; labels, profiles and versions are others' business."""
        inner = self._out.name("meta")
        self._out.line(f'{inner} = {name}.get("meta") or EMPTY')
        for key, entry in meta.ordered():
            for member in entry.members if isinstance(entry, Members) else ():
                leaf = member.content
                reads = isinstance(leaf, Leaf) and leaf.arrow != "->"
                if reads and isinstance(leaf, Leaf) and isinstance(leaf.function, Present) and leaf.source is not None:
                    value = f'any({_matching("label", member.pattern)} for label in {inner}.get("{key}", ()))'
                    with self._out.block(f"if {value}:", _note(leaf)):
                        self._fields.keep(leaf.source, "True", '"meta"')

    def _leaves(self, leaves: list[Leaf], name: str, key: str, where: str, index: str) -> None:
        read = [leaf for leaf in leaves if leaf.arrow in {"<->", "<-"}]
        value = self._out.name("v", key)
        others = [
            *(
                f"{o.function.backward(value)} is None"
                for o in leaves
                if o.arrow == "->" and o.function and o.function.recognises
            ),
            *(f"not {o.computed.holds(value, name, index)}" for o in leaves if o.computed is not None),
        ]
        for leaf in read:
            if leaf.function is None and leaf.source and self._fields.readers(leaf.source) == 1:
                variable = self._fields.variable(leaf.source)
                self._out.line(f'{variable} = {name}.get("{key}")', _note(leaf))
                continue
            self._out.line(f'{value} = {name}.get("{key}")', _note(leaf))
            with self._out.block(f"if {value} is not None:"):
                self._value(leaf, value, where, others)
        if read:
            return
        if any(leaf.arrow == "->" for leaf in leaves):
            self._written_only(leaves, name, key, where, index)
            return
        allowed = [repr(leaf.constant) for leaf in leaves if leaf.computed is None]
        computed = [leaf for leaf in leaves if leaf.computed is not None]
        self._out.line(f'{value} = {name}.get("{key}")', _note(leaves[0]))
        tests = [f"{value} == {constant}" for constant in allowed]
        tests += [leaf.computed.holds(value, name, index) for leaf in computed if leaf.computed]
        with self._out.block(f"if {value} is not None and not ({' or '.join(tests)}):"):
            self._out.line(f"changed(issues, {where})")

    def _written_only(self, leaves: list[Leaf], name: str, key: str, where: str, index: str) -> None:
        """Report a value that none of the rules that only write has written, as far as that can be told."""
        out, value, word = self._out, self._out.name("v", key), self._out.name("word")
        out.line(f'{value} = {name}.get("{key}")', _note(leaves[0]))
        with out.block(f"if {value} is not None:"):
            out.line(f"{word} = None")
            if len(leaves) == 1 and not _is_told(leaves[0]):
                self._compare(leaves[0], _back(leaves[0], value), where)
                return
            for leaf in filter(_is_told, leaves):
                with out.block(f"if {word} is None:"):
                    out.line(f"{word} = {_back(leaf, value)}")
                    with out.block(f"if {word} is not None:"):
                        self._compare(leaf, word, where)
            rest = [leaf for leaf in leaves if not _is_told(leaf)]
            if any(leaf.source is not None for leaf in rest):
                return  # what these write can't be told from what others do
            tests = [f"{word} is None"]
            tests += [f"{value} != {leaf.constant!r}" for leaf in rest if leaf.computed is None]
            tests += [f"not {leaf.computed.holds(value, name, index)}" for leaf in rest if leaf.computed is not None]
            with out.block(f"if {' and '.join(tests)}:"):
                out.line(f"changed(issues, {where})")

    def _compare(self, leaf: Leaf, value: str, where: str) -> None:
        """Report what a rule that only writes finds written otherwise than the field says, where that has been read."""
        source = leaf.source
        if source is None or (leaf.function is not None and leaf.function.one_way):
            self._out.line("pass")
        elif source.scope in self._written and not source.steps:
            self._out.line(f"{self._written[source.scope]}.append({value})")
        else:
            self._fields.differ(source, value, where)

    def _value(self, leaf: Leaf, value: str, where: str, strange: list[str]) -> None:
        """Keep what one rule reads of ``value``; else it is a finding, where ``strange`` says no other rule made it."""
        if leaf.source is None:
            return
        if leaf.function is None:
            self._fields.keep(leaf.source, value, where)
            return
        found = self._out.name(value)
        self._out.line(f"{found} = {leaf.function.backward(value)}")
        if leaf.function.recognises:
            with self._out.block(f"if {found} is not None:"):
                self._fields.keep(leaf.source, found, where)
            with self._out.block(" and ".join([f"elif {strange[0]}", *strange[1:]]) + ":" if strange else "else:"):
                self._out.line(f"unknown(issues, {where})")
        else:
            self._fields.keep(leaf.source, found, where)

    # --- lists ---------------------------------------------------------------------------------------------------

    def _list(self, entry: Members, name: str, key: str, where: str, index: str) -> None:
        out = self._out
        item, position = out.name("item"), out.name("i")
        for member in entry.members:
            if member.each is not None and member.each.source is not None:
                self._gather(member, member.each.source)
        flags = {
            id(member): out.name("seen")
            for member in entry.members
            if member.each is None and not self._constant(member)
        }
        for flag in flags.values():
            out.line(f"{flag} = False")
        items = f'{name}.get("{key}", ())'
        order = _position_field(entry)
        if order:
            items = f'by_position({items}, "{order}")'
        with out.block(f"for {position}, {item} in enumerate({items}):"):
            place = _indexed(where, position)
            open_ended = [member for member in entry.members if not member.recognises]
            ranked = [*(m for m in entry.members if m.recognises), *open_ended]
            keyword = "if"
            closed = False
            for member in ranked:
                test = self._test(member, item, flags.get(id(member)))
                head = f"{keyword} {test}:" if test else ("else:" if keyword == "elif" else "if True:")
                with out.block(head):
                    self._item(member, item, place, position, flags.get(id(member)))
                keyword = "elif"
                closed = closed or not test
                if closed:
                    break
            if not closed:
                with out.block("else:"):
                    out.line(f"unknown(issues, {place})")
        for member in entry.members:
            source = member.each.source if member.each is not None else None
            gathered = self._lists.get(id(member))
            if source is None or not gathered or gathered == self._fields.variable(source):
                continue
            if _only_writes(member):
                with out.block(f"if {gathered}:"):
                    self._fields.differ(source, gathered, where)
            else:
                with out.block(f"if {gathered} is not None:"):
                    self._fields.keep(source, gathered, where)

    def _constant(self, member: Member) -> bool:
        return isinstance(member.content, Leaf) and member.content.source is None

    def _gather(self, member: Member, source: Source) -> None:
        """Name the variable that gathers the items: the field's, or one of its own where other lists say them too."""
        if _only_writes(member):
            if self._fields.readers(source) and member.each is not None:  # to be compared with what is read
                self._lists[id(member)] = self._written[member.each] = self._out.name("listed")
                self._out.line(f"{self._written[member.each]} = []")
            return
        if source not in self._fields:
            return
        if self._fields.readers(source) <= 1:
            self._lists[id(member)] = self._fields.variable(source)
            return
        self._lists[id(member)] = variable = self._out.name("listed")
        self._out.line(f"{variable} = None")

    def _test(self, member: Member, item: str, flag: str | None) -> str:
        """Return the condition under which ``item`` is one of ``member``'s; empty where any is."""
        leaf = member.content if isinstance(member.content, Leaf) else None
        if leaf is not None and leaf.computed is not None:
            return leaf.computed.holds(item, "", "0") if member.pattern is None else _matching(item, member.pattern)
        tests = [f"not {flag}"] if flag else []
        if member.pattern is not None:
            tests.append(_matching(item, member.pattern))
        elif leaf is not None and leaf.function is not None and leaf.function.recognises:
            tests.append(f"(known := {leaf.function.backward(item)}) is not None")
        return " and ".join(tests)

    def _item(self, member: Member, item: str, where: str, position: str, flag: str | None) -> None:
        out = self._out
        if flag:
            out.line(f"{flag} = True")
        content = member.content
        if isinstance(content, Leaf):
            self._leaf_item(member, content, item, where)
        elif member.each is None:
            self._part(content, item, where, pattern=member.pattern, index=position)
        else:
            source = member.each.source
            self._fields.declare(member.each)
            self._part(content, item, where, pattern=member.pattern, index=position)
            if source is None or not self._fields.read_in(
                member.each
            ):  # its rules only write: there is no item to make
                return
            target = self._lists[id(member)]
            made = self._fields.made(member.each)
            out.line(f"{target} = [*({target} or ()), {made}]")

    def _leaf_item(self, member: Member, leaf: Leaf, item: str, where: str) -> None:
        out = self._out
        if leaf.source is None:
            out.line("pass")
            return
        if leaf.arrow == "->":
            if isinstance(leaf.function, Present):
                out.line("pass")
            else:
                self._compare(leaf, "known" if member.pattern is None and _is_told(leaf) else _back(leaf, item), where)
            return
        if isinstance(leaf.function, Present):
            self._fields.keep(leaf.source, "True", where)
            return
        value = item
        if leaf.function is not None:
            value = "known" if leaf.function.recognises and member.pattern is None else leaf.function.backward(item)
        if member.each is None:
            self._fields.keep(leaf.source, value, where)
        elif member.each.source is not None:
            target = self._lists[id(member)]
            out.line(f"{target} = [*({target} or ()), {value}]", _note(leaf))


def _matching(item: str, pattern: Any) -> str:
    """Return the test of whether ``item`` holds ``pattern``; plain where the pattern is."""
    if isinstance(pattern, str):
        return f"{item} == {pattern!r}"
    if isinstance(pattern, dict) and all(isinstance(value, str) for value in pattern.values()):
        return " and ".join(f"{item}.get({name!r}) == {value!r}" for name, value in pattern.items())
    return f"matches({item}, {pattern!r})"


def _is_told(leaf: Leaf) -> bool:
    """Whether the rule's conversion knows values that it made from others."""
    return leaf.function is not None and leaf.function.recognises


def _back(leaf: Leaf, value: str) -> str:
    """Return the expression of the field's value for the element's."""
    if leaf.function is None or leaf.function.one_way:
        return value
    return leaf.function.backward(value)


def _only_writes(member: Member) -> bool:
    """Whether the items of a list are written as they are, and not read."""
    leaves = [leaf for leaf in leaves_of(member.content) if leaf.source is not None]
    if not all(leaf.arrow == "->" for leaf in leaves):
        return False
    return any(leaf.source.scope is member.each and not leaf.source.steps for leaf in leaves if leaf.source is not None)


def _position_field(entry: Members) -> str:
    """Return the element that numbers the list's items, where one does."""
    for member in entry.members:
        if member.each is not None and isinstance(member.content, Part):
            for key, inner in member.content.entries.items():
                if isinstance(inner, list) and any(isinstance(leaf.computed, Position) for leaf in inner):
                    return key
    return ""


def _joined(where: str, key: str) -> str:
    return f'{where[:-1]}.{key}"'


def _indexed(where: str, position: str) -> str:
    text = f'{where[:-1]}[{{{position}}}]"'
    return text if text.startswith("f") else "f" + text


def _note(leaf: Leaf) -> str:
    return f"{leaf.place.file}:{leaf.place.line} {leaf.text}"
