"""One value of an instance beside what is expected of it: what the rules look at."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fhir_iop.issue import Issue, Severity, issue
from fhir_iop.validation import misnamed
from fhir_iop.validation.discriminators import Value
from fhir_iop.validation.place import told
from fhir_iop.validation.primitives import JSON_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected, Member, View
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.place import JsonPath, Place
    from fhir_iop.validation.slices import Slice, Slicing

MOST_FINDINGS: Final = 10_000
"""So many are told of one resource; who sends more of them wants to keep us busy."""


class Finding(NamedTuple):
    """An Issue, and the JSON path at which a text shows it.

    ``names`` are the elements that it is about where its expression doesn't end in their name: those that an invariant
    asks of, the one that is missing, the one that a property probably means. ``above`` stands before the issue's own
    expression where that is told from a value inside the resource.
    """

    issue: Issue
    path: JsonPath
    names: frozenset[str] = frozenset()
    above: str = ""

    def told(self, line: int | None = None, column: int | None = None) -> Issue:
        """Return the Issue, with its line and column in a text."""
        one = self.issue
        if line is None and not self.above:
            return one
        return Issue(one.rule, one.severity, one.code, self.above + one.expression, one.details, line, column)


class Item:
    """A value, its `_` sibling where it is a primitive, and what is expected of it.

    ``up`` is the object it lies in. ``chosen`` are the slices it lies in, by their slicing.
    """

    def __init__(
        self,
        value: Any,
        expected: Expected,
        place: Place,
        frame: Frame,
        *,
        sibling: Any = None,
        up: Item | None = None,
        chosen: dict[Slicing, list[Slice]] | None = None,
    ) -> None:
        self.value = value
        self.sibling = sibling
        self.expected = expected
        self.place = place
        self.frame = frame
        self.up = up
        self.chosen = chosen or {}

    @property
    def fits(self) -> bool:
        """Whether the value has the JSON form of its type at all; rules/json_type.py tells where it hasn't."""
        if self.expected.is_primitive:
            return self.value is None or type(self.value) in JSON_TYPES[self.expected.type]
        return isinstance(self.value, dict)

    @cached_property
    def form_faults(self) -> list[Finding]:
        """What is wrong with the value's form, and with that of the properties directly in it, as far as is told."""
        faults = (finding for rule in self.expected.form_rules for finding in rule.find(self))
        return list(islice(faults, MOST_FINDINGS))

    @cached_property
    def is_whole(self) -> bool:
        """Whether nothing in the value has a wrong form."""
        return (
            self.fits
            and not self.form_faults
            and not self.meant
            and all(child.is_whole for inside in self.children.values() for child in inside)
        )

    @property
    def is_readable(self) -> bool:
        """Whether what the value says can be told: a data type says one thing, which a fault of form in it garbles.

        A resource and a backbone element say many things, and are read as far as they can be.
        """
        return self.expected.is_composed or self.is_whole

    @cached_property
    def content(self) -> dict[str, Any]:
        """The object that holds this value's child elements: the value itself, or a primitive's `_` sibling."""
        inside = self.sibling if self.expected.is_primitive else self.value
        return inside if isinstance(inside, dict) else {}

    @cached_property
    def misnamed(self) -> dict[str, str]:
        """The properties that the type doesn't have, each with the one that it probably means."""
        return misnamed.meant(self.expected, self.content)

    @cached_property
    def meant(self) -> frozenset[str]:
        """The properties that aren't there and that others, which the type doesn't have, probably mean."""
        return frozenset(name for name in self.misnamed.values() if name not in self.content)

    def is_misshapen(self, member: Member) -> bool:
        """Whether something stands for a child element that can't be read as one, and is told as that."""
        return member not in self.children and any(
            name in self.content or name in self.meant for name in member.variants
        )

    def count_unreadable(self, member: Member) -> int:
        """Count what stands in a child element's array, or for it, and has not the form of its type."""
        count = 0
        for name in member.variants:
            values, siblings = self.content.get(name), self.content.get(f"_{name}")
            if isinstance(values, list) and siblings is None:
                count += values.count(None)
        unfit = (child.value for child in self.children.get(member, ()) if not child.fits)
        return count + sum(max(1, len(value)) if isinstance(value, list) else 1 for value in unfit)

    @cached_property
    def children(self) -> dict[Member, list[Item]]:
        """The child values that have the JSON form of an element, by element, in the order of the definition."""
        expected = self.expected
        found: dict[Member, list[Item]] = {}
        names = {key.removeprefix("_") for key in self.content}
        for name in sorted(names & expected.by_json_name.keys(), key=expected.order.__getitem__):
            member, type_ = expected.by_json_name[name]
            for index, value, sibling in occurrences(self.content, name, is_list=member.is_list):
                found.setdefault(member, []).append(self._child(member, type_, name, index, value, sibling))
        return found

    def child(self, name: str, index: int | None) -> Item | None:
        """Return the one child at a JSON property and index, where there is one, without the others."""
        known = self.expected.by_json_name.get(name)
        if known is None:
            return None
        member, type_ = known
        content = self.content
        if member.is_list and index is not None:  # one of a long list, which isn't to be gone through for each of them
            lists = ((key, content.get(key, ())) for key in (name, f"_{name}"))
            content = {key: [each[index]] for key, each in lists if isinstance(each, list) and index < len(each)}
        for at, value, sibling in occurrences(content, name, is_list=member.is_list):
            if at == (None if index is None else 0):
                return self._child(member, type_, name, index, value, sibling)
        return None

    def place_of(self, key: str, index: int | None = None) -> Place:
        """Return the place of a property of this object, whether or not the type has it."""
        name = key.removeprefix("_")
        if name not in self.expected.by_json_name:
            return self.place.down(told(name), key, index)
        member, type_ = self.expected.by_json_name[name]
        return self.place.down(
            member.step if member.step == member.name else f"{member.step}.ofType({type_})", key, index
        )

    def step_of(self, name: str) -> str:
        """Return the name in FHIRPath of the element that the JSON property ``name`` is."""
        return self.expected.by_json_name[name][0].step

    def _child(self, member: Member, type_: str, name: str, index: int | None, value: Any, sibling: Any) -> Item:
        place = self.place_of(name, index)
        frame = self.frame
        more: tuple[View, ...] = ()
        if type_ == "Resource" and isinstance(value, dict):
            frame = frame.frame_of(value)
            type_, more = self.expected.expectations.claims(value)
        elif type_ == "Extension" and isinstance(value, dict):
            more = self.expected.expectations.extension(value.get("url"))
        if not member.slicings:
            return Item(value, member.expected(type_, (), more), place, frame, sibling=sibling, up=self)
        seen = Value(value, type_, frame)
        chosen = {slicing: slicing.choose(seen) for slicing in member.slicings}
        deepest = tuple(slices[-1].view for slices in chosen.values() if slices)
        expected = member.expected(type_, deepest, more)
        return Item(value, expected, place, frame, sibling=sibling, up=self, chosen=chosen)

    def walk(self) -> Iterator[Item]:
        """Yield this item, then all items inside it, in the order of the definition.

        What an item worked out of itself is forgotten behind it: only those around the current one hold any.
        """
        yield self
        for children in self.children.values():
            for child in children:
                yield from child.walk()
                child.forget()

    def forget(self) -> None:
        """Drop what was worked out of the item; it is worked out again where it is asked for."""
        for name in _WORKED_OUT:
            self.__dict__.pop(name, None)

    def found(
        self, rule: str, /, *, place: Place | None = None, severity: Severity | None = None, **facts: Any
    ) -> Finding:
        """Make a Finding of ``rule`` here, or at ``place``."""
        where = place or self.place
        return Finding(issue(rule, where.expression, severity=severity, **facts), where.json_path)


def place_at(item: Item, path: JsonPath) -> Place:
    """Return the place that a path below ``item`` leads to, by the names of FHIRPath as far as the types are known."""
    place = item.place
    within: Item | None = item
    for at, part in enumerate(path):
        if isinstance(part, int):
            continue
        index = path[at + 1] if at + 1 < len(path) else None
        index = index if isinstance(index, int) else None
        place = place.down(told(part), part, index) if within is None else within.place_of(part, index)
        within = None if within is None else within.child(part.removeprefix("_"), index)
    return place


def occurrences(content: dict[str, Any], json_name: str, *, is_list: bool) -> list[tuple[int | None, Any, Any]]:
    """Return (index, value, `_` sibling) for each occurrence of a property that has the right outer form.

    A primitive's array may hold null where only the sibling's array says something
    (https://hl7.org/fhir/R4/json.html#primitive); positions without either are left out.
    """
    value, sibling = content.get(json_name), content.get("_" + json_name)
    if not is_list:
        value = None if isinstance(value, list) else value
        sibling = sibling if isinstance(sibling, dict) else None
        return [] if value is None and sibling is None else [(None, value, sibling)]
    values = value if isinstance(value, list) else []
    siblings = sibling if isinstance(sibling, list) else []
    length = max(len(values), len(siblings))
    padded = zip(values + [None] * (length - len(values)), siblings + [None] * (length - len(siblings)), strict=True)
    return [
        (index, one, other) for index, (one, other) in enumerate(padded) if one is not None or isinstance(other, dict)
    ]


_WORKED_OUT: Final = tuple(name for name, value in vars(Item).items() if isinstance(value, cached_property))
