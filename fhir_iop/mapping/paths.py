"""Paths into a resource: found in the profile, and made into the tree of rules on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fhir_iop.mapping.lines import LineError
from fhir_iop.mapping.refusal import hint
from fhir_iop.mapping.rules import Leaf, Member, Members, Part, place_of
from fhir_iop.mapping.runtime import matches

if TYPE_CHECKING:
    from fhir_iop.mapping.lines import Segment
    from fhir_iop.mapping.names import Names
    from fhir_iop.mapping.rules import Scope
    from fhir_iop.mapping.targets import Target


class Unresolved(Exception):
    """A rule that can't be resolved; its finding is already told."""


@dataclass
class Paths:
    """Walks paths of one mapping, with the names that it may use."""

    names: Names

    def part(self, part: Part, path: tuple[Segment, ...]) -> Part:
        """Go down ``path`` from ``part``, making the parts on the way. Raises Unresolved, LineError."""
        for segment in path:
            target = self.child(part, segment)
            if target.is_list:
                part = self._shared(part, segment, target)
                continue
            entry = part.entries.setdefault(target.name, Part(target))
            if not isinstance(entry, Part):
                self._twice(segment, target, place_of(entry))
            else:
                part = entry
        return part

    def _shared(self, part: Part, segment: Segment, target: Target) -> Part:
        """Return the one item that all rules share whose paths go through the same list, slice or extension."""
        if segment.many:
            raise LineError("`[]` stands once in a rule whose field has it too, or in `each:`", segment.place)
        members = self.members(part, segment, target)
        for member in members.members:
            if member.each is None and member.slice == target.slice and isinstance(member.content, Part):
                return member.content
        content = Part(target)
        members.members.append(self.member(segment, content, None))
        return content

    def members(self, part: Part, segment: Segment, target: Target) -> Members:
        """Return the list that ``segment`` names in ``part``. Raises Unresolved."""
        entry = part.entries.setdefault(segment.name, Members(target))
        if not isinstance(entry, Members):
            self._twice(segment, target, place_of(entry))
            raise Unresolved
        return entry

    def member(self, segment: Segment, content: Part | Leaf, each: Scope | None) -> Member:
        """Return a new kind of item of a list, with what tells its items."""
        target = content.target
        if segment.extension:
            return Member(content, {"url": target.slice}, target.slice, each)
        if not segment.slice:
            return Member(content, None, None, each)
        fixed = target.constants() if target.element.slice_name else None
        told = self.names.slices.get(f"{segment.name}:{segment.slice}")
        says_more = fixed is None or (told is not None and matches(told, fixed))  # a display beside the profile's code
        return Member(content, told if says_more else fixed, segment.slice, each)

    def child(self, part: Part, segment: Segment) -> Target:
        """Return the element that ``segment`` names inside ``part``, or its slice or extension. Raises Unresolved."""
        children = part.target.children
        target = children.get(segment.name)
        if target is None:
            path = f"{part.target.path}.{segment.name}"
            self.names.problems.add("mapping-path", segment.place, path=path, hint=hint(segment.name, children))
            raise Unresolved
        if segment.extension:
            return self._extension(part, target, segment, segment.extension)
        if segment.slice:
            target = self._slice(target, segment, segment.slice)
        if segment.many and not target.is_list:
            self.names.problems.add("mapping-list", segment.place, field="a list", path=target.path)
            raise Unresolved
        return target

    def _slice(self, target: Target, segment: Segment, name: str) -> Target:
        sliced = target.sliced(name)
        if sliced is None and f"{segment.name}:{name}" not in self.names.slices:
            known = [key.partition(":")[2] for key in self.names.slices if key.startswith(segment.name + ":")]
            hinted = hint(name, known)
            self.names.problems.add("mapping-slice", segment.place, slice=name, path=target.path, hint=hinted)
            raise Unresolved
        return sliced or replace(target, slice=name)

    def _extension(self, part: Part, target: Target, segment: Segment, name: str) -> Target:
        structure = part.target.structure
        inner = structure.type == "Extension" and f"{part.target.element.id}.extension:{name}" in structure.by_id
        url = name if inner else self.names.extensions.get(name)
        if url is None:
            hinted = hint(name, self.names.extensions)
            self.names.problems.add("mapping-extension", segment.place, name=name, hint=hinted)
            raise Unresolved
        found = target.extension(url)
        if found is None:
            self.names.problems.add("mapping-extension-definition", segment.place, url=url)
            raise Unresolved
        if not inner and not found.may_stand_in(part.target):
            self.names.problems.add("mapping-extension-context", segment.place, name=name, path=part.target.path)
        return found

    def _twice(self, segment: Segment, target: Target, other: object) -> None:
        self.names.problems.add("mapping-twice", segment.place, path=target.path, other=str(other))
        raise Unresolved
