"""How much of a record, and how much of its profiles, a mapping covers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from fhir_iop.mapping.checks import always, certain, fills
from fhir_iop.mapping.rules import Leaf, Member, Members, Part, leaves_of
from fhir_iop.mapping.usage import Use, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions.schema import Element, Structure
    from fhir_iop.mapping.plan import Plan, ResourcePlan

Filled = Literal["always", "sometimes", "never"]
FieldStatus = Literal["mapped", "dropped", "forgotten"]
# What is put on after mapping, and dropped on the way back: labels count as filled by it.
_LABELS = "meta.security"


@dataclass(frozen=True)
class ElementUse:
    """One element of a profile that is required or must be supported, by its ``id`` in the snapshot.

    ``filled`` counts where the element around is there; ``rules`` are the lines that write it.
    """

    id: str
    required: bool
    must_support: bool
    filled: Filled
    rules: tuple[str, ...]


@dataclass(frozen=True)
class ResourceCoverage:
    """The elements of one resource under one of the profiles that it claims (or its type, claiming none)."""

    resource: str
    role: str
    profile: str
    elements: list[ElementUse]


@dataclass(frozen=True)
class Coverage:
    """What a mapping does with each field of its record, and what it fills of each profile."""

    kind: str
    file: str
    fields: list[Use]
    resources: list[ResourceCoverage]


def coverage(plan: Plan) -> Coverage:
    """Report on ``plan``, resolved and perhaps incomplete."""
    return Coverage(plan.kind, plan.file, uses(plan), [found for each in plan.resources for found in _resources(each)])


def status(use: Use) -> FieldStatus:
    """Return what becomes of a field, in one word."""
    return "dropped" if use.reason else "forgotten" if use.is_forgotten else "mapped"


def _resources(resource: ResourcePlan) -> Iterator[ResourceCoverage]:
    definitions = resource.part.target.definitions
    first = resource.part.target.structure
    structures = [first, *filter(None, map(definitions.structure, resource.profiles[1:]))]
    written = _Written()
    written.part(resource.part)
    root = first.elements[0].id
    written.add(root, "always", ())
    written.add(f"{root}.meta", "sometimes", ())
    written.add(f"{root}.{_LABELS}", "sometimes", ())
    for structure in structures:
        found = [use for element in structure.elements[1:] for use in written.told(element)]
        yield ResourceCoverage(resource.role.resource, resource.role.name, structure.url, found)


class _Written:
    """The elements that are filled, by their ids, gathered along the tree of rules."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Filled, tuple[str, ...]]] = {}

    def told(self, element: Element) -> Iterator[ElementUse]:
        """Yield what is said of ``element``: nothing where it needn't be there, or what it is in isn't."""
        above = element.id.rpartition(".")[0]
        asked = element.must_support or element.min > 0
        if not asked or element.max == 0 or above not in self._found or element.name in {"url", "resourceType"}:
            return
        filled, rules = self._found.get(element.id, ("never", ()))
        yield ElementUse(element.id, element.min > 0, element.must_support, filled, rules)

    def add(self, element: str, filled: Filled, rules: tuple[str, ...]) -> None:
        """Note that rules write ``element``; of a slice, they write what is sliced too."""
        self._note(element, filled, rules)
        steps = element.split(".")
        sliced = next((position for position, step in enumerate(steps) if ":" in step), None)
        if sliced is not None:
            steps[sliced] = steps[sliced].partition(":")[0]
            self.add(".".join(steps), filled, rules)

    def _note(self, element: str, filled: Filled, rules: tuple[str, ...]) -> None:
        before = self._found.get(element)
        if before is not None:
            filled = "always" if "always" in {filled, before[0]} else "sometimes"
            rules = tuple(dict.fromkeys([*before[1], *rules]))
        self._found[element] = (filled, rules)

    def part(self, part: Part) -> None:
        """Note what the rules of ``part`` write."""
        for name, entry in part.entries.items():
            told: Filled = "always" if certain(name, part) else "sometimes"
            if isinstance(entry, list):
                for leaf in entry:
                    self._leaf(leaf, told)
            elif isinstance(entry, Part):
                if _rules(entry) or entry.always:
                    self.add(entry.target.element.id, told, _rules(entry))
                    self.part(entry)
            else:
                self._members(entry, part)
                if told == "always":
                    self._note(entry.target.element.id, "always", ())

    def _leaf(self, leaf: Leaf, filled: Filled) -> None:
        if leaf.arrow == "<-":
            return
        element, rules = leaf.target.element.id, _rules(leaf)
        self.add(element, filled, rules)
        inside = leaf.function or leaf.computed
        names = inside.inside if inside is not None else tuple(_names(leaf.constant))
        for name in names:
            self.add(f"{element}.{name}", "always", rules)

    def _members(self, entry: Members, part: Part) -> None:
        """Note what a list's items have: always, without slices, is only what every kind of item always has.

        An item that hasn't what an element lies in (a `reference` instead of a `detail`) isn't asked for the element.
        """
        kinds = []
        for member in entry.members:
            kind = _Written()
            kind._member(member, part, Members(entry.target, [member]))
            kinds += [kind._found] if kind._found else []
        above, _, last = entry.target.element.id.rpartition(".")
        below = f"{above}.{last.partition(':')[0]}."
        for found in kinds:
            for element, (filled, rules) in found.items():
                shared = element.startswith(below)
                around = element.rpartition(".")[0]
                asked = [other for other in kinds if f"{around}." == below or around in other]
                always_there = all(other.get(element, ("never",))[0] == "always" for other in asked)
                self._note(element, "sometimes" if shared and not always_there else filled, rules)

    def _member(self, member: Member, part: Part, alone: Members) -> None:
        filled: Filled = "always" if always(alone, part) else "sometimes"
        content = member.content
        for element in _elements(member, part.target.structure):
            if element.id != content.target.element.id:
                self.add(element.id, filled, _rules(content))
                for name in _names(member.pattern):
                    self.add(f"{element.id}.{name}", "always", _rules(content))
        if isinstance(content, Leaf):
            self._leaf(content, filled)
        else:
            self.add(content.target.element.id, filled, _rules(content))
            self.part(content)
        for name in _names(member.pattern):
            self.add(f"{content.target.element.id}.{name}", "always", _rules(content))


def _elements(member: Member, structure: Structure) -> Iterator[Element]:
    """Yield the slices of a profile that a member's items are of, though its rule doesn't name them."""
    target = member.content.target
    url = member.pattern.get("url") if isinstance(member.pattern, dict) and target.type == "Extension" else None
    for element in structure.elements:
        if element.slice_name is None:
            continue
        if url is not None:
            if any(profile.partition("|")[0] == url for kind in element.types for profile in kind.profiles):
                yield element
        elif element.path == target.element.path and ":" not in target.element.id.rpartition(".")[2]:
            sliced = replace(target, structure=structure, element=element, slice=element.slice_name)
            if fills(member, sliced):
                yield element


def _names(value: Any) -> Iterator[str]:
    """Yield the elements inside a constant."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if inner is not None:
                yield name
                yield from (f"{name}.{below}" for below in _names(inner))


def _rules(entry: Leaf | Part) -> tuple[str, ...]:
    """Return where the rules stand that write ``entry``."""
    leaves = [entry] if isinstance(entry, Leaf) else list(leaves_of(entry))
    return tuple(dict.fromkeys(f"{leaf.place.file}:{leaf.place.line}" for leaf in leaves if leaf.arrow != "<-"))
