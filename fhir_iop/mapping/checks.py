"""What must hold for a whole mapping: nothing written twice, nothing required left out, no field forgotten."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.rules import Leaf, Member, Members, Part, drivers, is_written, member_drivers, place_of
from fhir_iop.mapping.runtime import matches
from fhir_iop.mapping.usage import uses

if TYPE_CHECKING:
    from fhir_iop.mapping.document import Place, Problems
    from fhir_iop.mapping.plan import Plan
    from fhir_iop.mapping.rules import Source
    from fhir_iop.mapping.shapes import Shape
    from fhir_iop.mapping.targets import Target

# Filled in by the compiler itself, or by FHIR's JSON form.
_GIVEN = frozenset({"resourceType", "url"})


def check(plan: Plan, place: Place, problems: Problems) -> None:
    """Report all of it; ``place`` is where the mapping begins."""
    for resource in plan.resources:
        _part(resource.part, resource.place, problems)
    for use in uses(plan):
        if use.is_forgotten:
            problems.add("mapping-forgotten", place, field=use.path)


def _part(part: Part, place: Place, problems: Problems, given: Any = None) -> None:
    _choices(part, problems)
    if is_written(part):
        _required(part, place, problems, given if isinstance(given, dict) else {})
    for entry in part.entries.values():
        if isinstance(entry, list):
            _once(entry, problems)
        elif isinstance(entry, Part):
            _part(entry, place_of(entry) or place, problems)
        else:
            _members(entry, problems)
            for member in entry.members:
                if isinstance(member.content, Part):
                    _part(member.content, place_of(member.content) or place, problems, member.pattern)


# --- written twice -------------------------------------------------------------------------------------------------


def _once(leaves: list[Leaf], problems: Problems) -> None:
    """Report rules that write one element, unless their conditions exclude each other."""
    for one, other in combinations([leaf for leaf in leaves if leaf.arrow != "<-"], 2):
        if not _apart(one, other):
            problems.add("mapping-twice", other.place, path=other.target.path, other=str(one.place))


def _apart(one: Leaf, other: Leaf) -> bool:
    if any(a.excludes(b) for a in one.tests for b in other.tests):
        return True
    if any(
        test.forbids(leaf.source) for test, leaf in [*((t, other) for t in one.tests), *((t, one) for t in other.tests)]
    ):
        return True
    if one.source is None or other.source is None or one.source.scope is not other.source.scope:
        return False
    return _exclusive(one.source, other.source)


def _exclusive(one: Source, other: Source) -> bool:
    """Whether the schema says that the two fields, or objects that hold them, never come together."""
    shape: Shape | None = one.scope.shape
    for left, right in zip(one.steps, other.steps, strict=False):
        if shape is None:
            return False
        if left != right:
            return shape.excludes(left, right)
        shape = shape.field(left)
    return False


def _choices(part: Part, problems: Problems) -> None:
    """Report that a choice (``value[x]``) gets two values."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for name, entry in part.entries.items():
        child = part.target.children.get(name)
        if child is not None and child.element.path.endswith("[x]"):
            groups.setdefault(child.element.path, []).append((name, entry))
    for entries in groups.values():
        for (_, one), (_, other) in combinations(entries, 2):
            if not all(_apart(a, b) for a in _writers(one) for b in _writers(other)):
                second = _writers(other)[0]
                first = _writers(one)[0]
                problems.add("mapping-twice", second.place, path=second.target.path, other=str(first.place))


def _writers(entry: list[Leaf] | Part | Members) -> list[Leaf]:
    found = drivers(entry)
    return found or (entry if isinstance(entry, list) else [])


def _members(entry: Members, problems: Problems) -> None:
    """Report items of one list that the way back couldn't tell apart."""
    for one, other in combinations(entry.members, 2):
        if not _told_apart(one, other):
            second, first = place_of(other.content), place_of(one.content)
            if second is not None:
                problems.add("mapping-twice", second, path=entry.target.path, other=str(first))


def _told_apart(one: Member, other: Member) -> bool:
    if isinstance(one.content, Leaf) and isinstance(other.content, Leaf) and _apart(one.content, other.content):
        return True
    if one.pattern is not None and other.pattern is not None:
        return not matches(one.pattern, other.pattern) and not matches(other.pattern, one.pattern)
    told = [_tells(one), _tells(other)]
    if told[0] and told[1]:
        return not told[0] & told[1]
    return one.recognises or other.recognises


def _tells(member: Member) -> frozenset[Any]:
    leaf = member.content if isinstance(member.content, Leaf) else None
    return leaf.function.tells() if leaf is not None and leaf.function is not None else frozenset()


# --- left out ------------------------------------------------------------------------------------------------------


def _required(part: Part, place: Place, problems: Problems, given: dict[str, Any]) -> None:
    """Report required elements that nothing fills, or that stay empty for some records."""
    for name, child in part.target.children.items():
        if not child.required or name in _GIVEN or name in given or _is_other_choice(part, child):
            continue
        entry = part.entries.get(name)
        if entry is None or not certain(name, part):
            rule = "mapping-required" if entry is None else "mapping-required-sometimes"
            problems.add(rule, place_of(entry) or place, path=child.path)
    for name, child in part.target.children.items():
        entry = part.entries.get(name)
        for wanted in child.required_slices() if child.is_list else ():
            members = entry.members if isinstance(entry, Members) else []
            if not any(fills(member, wanted) for member in members) and (child.required or entry is not None):
                problems.add("mapping-required", place, path=f"{child.path}:{wanted.slice}")


def certain(name: str, part: Part) -> bool:
    """Whether the element that rules write under ``name`` is there whenever ``part`` is, of whatever type."""
    child = part.target.children.get(name)
    return always(part.entries[name], part) or (child is not None and _complementary(_of_choice(part, child)))


def _of_choice(part: Part, child: Target) -> list[Leaf]:
    """Return the rules that each write the choice ``child`` is of, as whatever type."""
    written = (part.entries.get(name) for name, other in part.target.children.items() if _same_element(other, child))
    return [leaf for entry in written if entry is not None for leaf in _alternatives(entry)]


def _same_element(one: Target, other: Target) -> bool:
    return one.element.path == other.element.path


def _is_other_choice(part: Part, child: Target) -> bool:
    """Whether a required choice has been filled with a value of another type."""
    path = child.element.path
    if not path.endswith("[x]"):
        return False
    siblings = [name for name, other in part.target.children.items() if _same_element(other, child)]
    written = [name for name in siblings if name in part.entries]
    return child.name != (written[0] if written else siblings[0])


def fills(member: Member, wanted: Target) -> bool:
    """Whether ``member`` is one of the slice ``wanted``: by name, by its constants, or by the codes it may have."""
    if member.slice == wanted.slice:
        return True
    if wanted.type == "Extension":
        # an extension's rules go by its address, the profile's slice by the address and its version
        return member.slice in {profile.partition("|")[0] for profile in wanted.types[0].profiles}
    constants = wanted.constants()
    if constants is not None:
        return matches(member.pattern, constants)
    binding = wanted.binding
    if binding is None or binding.strength != "required":
        return False
    codes = _tells(member) or {(c.get("system"), c.get("code")) for c in (member.pattern or {}).get("coding", ())}
    found = [wanted.definitions.membership(binding.value_set, system, str(code)).name for system, code in codes]
    return bool(found) and "NOT_MEMBER" not in found


def always(entry: list[Leaf] | Part | Members, part: Part) -> bool:
    """Whether ``entry`` is there whenever ``part`` is: for sure, or given what makes the part exist."""
    own = [leaf.needs for leaf in drivers(entry)]
    if not own and isinstance(entry, list) and not any(leaf.certain for leaf in entry):
        return False
    if not own or frozenset() in own:
        return True
    if isinstance(entry, Members) and not all(map(member_drivers, entry.members)):
        return True
    if isinstance(entry, Part) and any(leaf.is_constant for leaf in _all(entry)) and not drivers(entry):
        return True
    reasons = [leaf.needs for leaf in drivers(part)]
    if not part.always and all(any(needs <= reason for needs in own) for reason in reasons):
        return True
    return _complementary(_alternatives(entry))


def _alternatives(entry: list[Leaf] | Part | Members) -> list[Leaf]:
    """Return the rules that each write all of ``entry``, or an item of it."""
    if isinstance(entry, Members):
        contents = [member.content for member in entry.members if member.each is None]
        return [content for content in contents if isinstance(content, Leaf)]
    return entry if isinstance(entry, list) else []


def _complementary(leaves: list[Leaf]) -> bool:
    """Whether one of two writes: under opposite conditions, or where there isn't the field that the other reads."""
    if any(a.excludes(b) and not a.values for x, y in combinations(leaves, 2) for a in x.tests for b in y.tests):
        return True
    return any(_stands_in(one, other) for one, other in permutations(leaves, 2))


def _stands_in(one: Leaf, other: Leaf) -> bool:
    """Whether ``one`` writes wherever ``other`` has nothing to."""
    if len(one.tests) != 1 or other.tests or other.source is None or (other.function and other.function.filters):
        return False
    test = one.tests[0]
    writes = one.computed.certain if one.computed else one.source is None or one.source.certain
    return writes and test.source.steps == other.source.steps and test.forbids(other.source)


def _all(part: Part) -> list[Leaf]:
    found: list[Leaf] = []
    for entry in part.entries.values():
        if isinstance(entry, list):
            found += entry
        elif isinstance(entry, Part):
            found += _all(entry)
    return found
