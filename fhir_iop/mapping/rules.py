"""The rules of a mapping, resolved: each knows the field it reads, the place it writes and what converts between.

A resource's rules form a tree of :class:`Part` (an object), :class:`Members` (an array) and :class:`Leaf` (what one
rule writes). Forward and backward code is generated from it, and so are the reports.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.document import Place
    from fhir_iop.mapping.evaluated import Read
    from fhir_iop.mapping.functions import Computed, Function
    from fhir_iop.mapping.lines import Arrow
    from fhir_iop.mapping.shapes import Shape
    from fhir_iop.mapping.targets import Target


@dataclass(eq=False)
class Scope:
    """What fields are counted from: the record, or an item of one of its lists.

    ``source`` is the list whose items these are (None: the record); ``prefix`` the way from the record, for pointers.
    """

    shape: Shape
    parent: Scope | None = None
    source: Source | None = None

    @property
    def depth(self) -> int:
        """How many lists deep it lies."""
        return 0 if self.parent is None else self.parent.depth + 1


@dataclass(frozen=True)
class Source:
    """A field of the record: ``steps`` from ``scope``, and what the schema says of it.

    ``optional`` holds the prefixes of ``steps`` that may be absent; none of them: the field is always there.
    """

    scope: Scope
    steps: tuple[str, ...]
    shape: Shape
    optional: frozenset[tuple[str, ...]]

    @property
    def certain(self) -> bool:
        """Whether the field is there whenever its scope is."""
        return not self.optional or self.has_default

    @property
    def has_default(self) -> bool:
        """Whether the schema names the value that an absent field stands for."""
        return "default" in self.shape.schema and self.optional <= {self.steps}

    @property
    def needs(self) -> frozenset[tuple[Scope, tuple[str, ...]]]:
        """What must be there for the field to be there."""
        return frozenset() if self.certain else frozenset((self.scope, steps) for steps in self.optional)

    @property
    def way(self) -> str:
        """Its name counted from the record, lists with ``[]``: ``steps[].dose.amount``."""
        above = self.scope.source
        if above is None:
            return ".".join(self.steps)
        listed = "[]" if above.shape.kind == "array" else ""
        return ".".join([f"{above.way}{listed}", *self.steps])

    def __str__(self) -> str:
        return ".".join(self.steps) or "."


@dataclass(frozen=True)
class Test:
    """A condition of ``when:``: ``source`` is there (or isn't), or has one of ``values``."""

    source: Source
    negated: bool
    values: tuple[Any, ...]

    def __str__(self) -> str:
        word = "not " if self.negated else ""
        if not self.values:
            return f"{word}{self.source.way}"
        listed = ", ".join(map(str, self.values))
        return (
            f"{word}{self.source.way} in [{listed}]" if len(self.values) > 1 else f"{word}{self.source.way} == {listed}"
        )

    def excludes(self, other: Test) -> bool:
        """Whether both can't hold at once."""
        same = self.source.scope is other.source.scope and self.source.steps == other.source.steps
        if not same:
            return False
        if self.values and other.values:
            return not set(self.values) & set(other.values)
        return self.negated != other.negated and not (self.values or other.values)

    def forbids(self, source: Source | None) -> bool:
        """Whether it holds only where ``source`` isn't there."""
        if source is None or not self.negated or self.values:
            return False
        return self.source.scope is source.scope and self.source.steps == source.steps[: len(self.source.steps)]


@dataclass(eq=False)
class Leaf:
    """What one rule writes, or reads on the way back.

    It has a ``source`` (and perhaps a ``function`` between), or a ``constant``, or is ``computed`` from what is built.
    With ``read``, FHIRPath says what its field is on the way back, evaluated on the part that the rule stands in.
    """

    target: Target
    arrow: Arrow
    place: Place
    text: str
    source: Source | None = None
    function: Function | None = None
    constant: Any = None
    computed: Computed | None = None
    tests: tuple[Test, ...] = ()
    read: Read | None = None

    @property
    def is_constant(self) -> bool:
        """Whether it is always the same, so that it makes no part exist by itself."""
        return self.source is None and not self.tests and (self.computed is None or not self.computed.drives)

    @property
    def certain(self) -> bool:
        """Whether it writes something whenever its part is built."""
        if self.tests or self.arrow == "<-":
            return False
        if self.computed is not None:
            return self.computed.certain
        return self.source is None or (self.source.certain and not (self.function and self.function.filters))

    @property
    def needs(self) -> frozenset[Any]:
        """What must be there for it to write something; a token of its own where that can't be told from fields."""
        if self.tests or (self.function and self.function.filters):
            return frozenset({(id(self),)})
        if self.computed is not None:
            return self.computed.needs
        return self.source.needs if self.source is not None else frozenset()


@dataclass(eq=False)
class Member:
    """One kind of item in an array: the only one, a slice of it, or one for each item of a list of the record.

    ``pattern`` is what tells the slice's items from others; ``each`` the scope of the list's items.
    """

    content: Part | Leaf
    pattern: Any = None
    slice: str | None = None
    each: Scope | None = None

    @property
    def recognises(self) -> bool:
        """Whether the way back can tell its items from others'."""
        if self.pattern is not None:
            return True
        leaf = self.content if isinstance(self.content, Leaf) else None
        if leaf is None:
            return False
        return leaf.computed is not None or bool(leaf.function and leaf.function.recognises)


@dataclass(eq=False)
class Members:
    """An array: its members in the order of the rules."""

    target: Target
    members: list[Member] = field(default_factory=list)


@dataclass(eq=False)
class Part:
    """An object: what its rules write, by JSON name, and those that read it by FHIRPath.

    ``always``: its constants alone make it exist.
    """

    target: Target
    entries: dict[str, list[Leaf] | Part | Members] = field(default_factory=dict)
    always: bool = False
    read: list[Leaf] = field(default_factory=list)

    def ordered(self) -> list[tuple[str, list[Leaf] | Part | Members]]:
        """Return the entries in the order of the definition."""
        order = {name: rank for rank, name in enumerate(self.target.children)}
        return sorted(self.entries.items(), key=lambda entry: order.get(entry[0], -1))


def drivers(entry: list[Leaf] | Leaf | Part | Members) -> list[Leaf]:
    """Return the leaves that make a part exist: those that write data of the record."""
    if isinstance(entry, list):
        return [leaf for leaf in entry if not leaf.is_constant and leaf.arrow != "<-"]
    if isinstance(entry, Leaf):
        return drivers([entry])
    if isinstance(entry, Part):
        return [leaf for inner in entry.entries.values() for leaf in drivers(inner)]
    return [leaf for member in entry.members for leaf in member_drivers(member)]


def member_drivers(member: Member) -> list[Leaf]:
    """Return the leaves that make an item exist; for a list, the list stands for what its items hold."""
    inner = drivers(member.content)
    if member.each is None or member.each.source is None:
        return inner
    source = member.each.source
    target = member.content.target
    first = inner[0] if inner else None
    place = first.place if first else None
    return [Leaf(target, "->", place, str(source), source, tests=member_tests(member))] if place else []


def member_tests(member: Member) -> tuple[Test, ...]:
    """Return the conditions under which a list's items are written: those of all its rules, counted from outside it."""
    leaves = [leaf for leaf in leaves_of(member.content) if is_written(leaf)]
    if not leaves or member.each is None:
        return ()
    depth = member.each.depth
    outside = (test for test in leaves[0].tests if test.source.scope.depth < depth)
    return tuple(test for test in outside if all(test in leaf.tests for leaf in leaves))


def is_written(entry: list[Leaf] | Leaf | Part | Members) -> bool:
    """Whether the way forward writes anything here: a rule `<-` only reads."""
    return any(leaf.arrow != "<-" for leaf in leaves_of(entry))


def leaves_of(entry: list[Leaf] | Leaf | Part | Members) -> Iterator[Leaf]:
    """Yield all rules below ``entry``, those that only read among them."""
    if isinstance(entry, Leaf):
        yield entry
    elif isinstance(entry, list):
        yield from entry
    elif isinstance(entry, Part):
        for inner in entry.entries.values():
            yield from leaves_of(inner)
        yield from entry.read
    else:
        for member in entry.members:
            yield from leaves_of(member.content)


def members_of(entry: Any) -> Iterator[Member]:
    """Yield the kinds of items of all arrays below ``entry``."""
    if isinstance(entry, Part):
        for inner in entry.entries.values():
            yield from members_of(inner)
    elif isinstance(entry, Members):
        for member in entry.members:
            yield member
            yield from members_of(member.content)


def list_sources(entry: Any) -> list[Source]:
    """Return the lists of the record whose items the arrays below ``entry`` are made of."""
    if isinstance(entry, Part):
        return [source for inner in entry.entries.values() for source in list_sources(inner)]
    found: list[Source] = []
    for member in entry.members if isinstance(entry, Members) else ():
        if member.each is not None and member.each.source is not None:
            found.append(member.each.source)
        found += list_sources(member.content)
    return found


def place_of(entry: Any) -> Place | None:
    """Return where the first rule of ``entry`` stands."""
    if isinstance(entry, Leaf):
        return entry.place
    inner: list[Any] = entry if isinstance(entry, list) else []
    if isinstance(entry, Part):
        inner = [*entry.entries.values(), *entry.read]
    elif isinstance(entry, Members):
        inner = [member.content for member in entry.members]
    return next((place for one in inner if (place := place_of(one)) is not None), None)
