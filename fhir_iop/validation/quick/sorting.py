"""Which slices a value lies in, told from what tells them: equal content lies in the same slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json
from fhir_iop.fhir.remembered import LONGEST
from fhir_iop.validation.discriminators import Value
from fhir_iop.validation.quick.notes import HERE
from fhir_iop.validation.rules.extension import known_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fhir_iop.validation.discriminators import Criterion
    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.quick.known import Look
    from fhir_iop.validation.quick.notes import Notes
    from fhir_iop.validation.slices import Slice
    from fhir_iop.validation.surroundings import Surroundings

    Chosen = tuple[Sequence[Slice], ...]
    Sort = Callable[[Any, Surroundings], tuple[Look, Chosen]]
    LookOf = Callable[[Expected], Look]

_REMEMBERED: Final = 4096
_encode = json.encode
_VARIES: Final = ("resolve()", "ofType(", "extension(")
_COMING_AGAIN: Final = frozenset({"code", "coding", "url", "system", "use", "type"})
_WHOLE_TYPES: Final = frozenset({"CodeableConcept", "Coding", "code", "uri", "string", "canonical"})


def sort(member: Member, type_: str, look_of: LookOf) -> Sort:
    """Return what sorts a value: to the look at what is expected of it in its slices, and those slices."""
    looks: dict[tuple[Any, ...], Look] = {}

    def find(value: Any, here: Surroundings) -> tuple[Look, Chosen]:
        chosen = tuple(tuple(slicing.choose(Value(value, type_, here.frame))) for slicing in member.slicings)
        deepest = tuple(slices[-1].view for slices in chosen if slices)
        look = looks.get(deepest)
        if look is None:
            look = looks[deepest] = look_of(member.expected(type_, deepest))
        return look, chosen

    keys = _telling(member, type_)
    if keys is None:
        return find
    seen: dict[Any, tuple[Look, Chosen]] = {}
    only = keys[0] if len(keys) == 1 else None

    def remembered(value: Any, here: Surroundings) -> tuple[Look, Chosen]:
        if only is not None:
            key = _encode(value.get(only) if only else value)
        else:
            key = _encode([value.get(name) for name in keys])
        found = seen.get(key)
        if found is None:
            found = find(value, here)
            if len(key) <= LONGEST:
                if len(seen) >= _REMEMBERED:
                    seen.clear()
                seen[key] = found
        return found

    return remembered


def _telling(member: Member, type_: str) -> tuple[str, ...] | None:
    """Return the properties that tell all slices of ``member``; an empty name for the value as a whole.

    None where something else is asked, or where what tells them seldom comes again.
    """
    names: set[str] = set()
    for criterion in _criteria(member):
        if criterion.kind not in {"value", "pattern", "exists"} or any(one in criterion.path for one in _VARIES):
            return None
        first = criterion.path.partition(".")[0]
        if first != "$this":
            asked = frozenset({first})
        elif type_ in _WHOLE_TYPES:
            names.add("")
            continue
        else:
            asked = (criterion.path == first and criterion.asks_for) or frozenset({first})
        if not asked <= _COMING_AGAIN:
            return None
        names |= asked
    if "" in names:
        return ("",)
    return tuple(sorted(names)) or None


def _criteria(member: Member) -> list[Criterion]:
    return [one for slicing in member.slicings for slice_ in slicing.all_slices() for one in slice_.criteria]


def extensions(holder: Expected, member: Member, look_of: LookOf) -> Sort:
    """Return what sorts an extension by its url: to a definition's, if that may stand here, or a complex one's part.

    One that may not stand here, or isn't at hand, is noted itself.
    """
    may_stand = known_in(holder, is_modifier=member.name == "modifierExtension")
    seen: dict[str, tuple[Look, Chosen]] = {}
    is_told_by_url = all(criterion.path == "url" for criterion in _criteria(member))
    expectations = member.expectations

    def find(value: dict[str, Any], here: Surroundings) -> tuple[Look, Chosen]:
        url = value["url"]
        found = seen.get(url)
        if found is not None:
            return found
        chosen = tuple(tuple(slicing.choose(Value(value, "Extension", here.frame))) for slicing in member.slicings)
        is_part = holder.type == "Extension" and ":" not in url and any(chosen)
        deepest = tuple(slices[-1].view for slices in chosen if slices)
        look = look_of(member.expected("Extension", deepest, expectations.extension(url)))
        if not is_part and not may_stand(url):
            return _noting(look), chosen
        if is_told_by_url and len(url) <= LONGEST:
            if len(seen) >= _REMEMBERED:
                seen.clear()
            seen[url] = look, chosen
        return look, chosen

    return find


def _noting(look: Look) -> Look:
    def noted(value: Any, here: Surroundings) -> Notes:
        return HERE + (look(value, here) or [])

    return noted
