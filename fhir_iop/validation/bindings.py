"""Which bindings hold for a value: of all that the definitions say, those that no other says already.

https://hl7.org/fhir/R4/profiling.html#binding: a profile may bind an element more tightly than what it builds on, and
then speaks in that one's place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from fhir_iop.definitions.codes import NOTHING, Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Structure
    from fhir_iop.validation.expected import View

Strength = Literal["required", "maximum", "extensible", "preferred"]

_RANK: Final[dict[str, int]] = {"preferred": 1, "extensible": 2, "maximum": 3, "required": 4}
# https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.binding: other types hold no code.
_BINDABLE: Final = ("code", "Coding", "CodeableConcept", "Quantity", "string", "uri")
_DEEPEST: Final = 32  # profiles on profiles; more is a circle

# R4 requires these units of every component of a vital sign, which its text doesn't ask and its own examples break
# (the oxygen a patient breathes beside the saturation); HL7's validator reads it so too.
_MEANT_EXTENSIBLE: Final = frozenset({"http://hl7.org/fhir/ValueSet/ucum-vitals-common|4.0.1"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A value set that a value's code comes from, and the canonical of what says so.

    A ``maximum`` is what an extensible or preferred binding may not leave. ``tighter`` are the canonicals of those that
    stand in this one's place where they found a fault.
    """

    strength: Strength
    value_set: str
    by: str
    tighter: frozenset[str] = field(default=frozenset())


_Said = tuple[Bound, "View"]


def bindings_of(definitions: Definitions, type_: str, views: Iterable[View]) -> tuple[Bound, ...]:
    """Return what binds a value of ``type``, the strongest first and of these the narrowest; examples bind nothing."""
    if not any(definitions.is_a(type_, bindable) for bindable in _BINDABLE):
        return ()
    said = _strongest(definitions, [one for view in views for one in _said_by(view)])
    found = []
    for one in reversed(said):
        over = [other for other in said if other is not one and _overrules(definitions, other, one)]
        if not any(_says_all(definitions, other, one) for other in over):
            found.append(replace(one[0], tighter=frozenset(other[0].by for other in over)))
    return tuple(sorted(found, key=lambda bound: -_RANK[bound.strength]))


def _said_by(view: View) -> Iterable[_Said]:
    binding = view.element.binding
    if binding is None:
        return
    if binding.max_value_set is not None:
        yield Bound("maximum", binding.max_value_set, view.said_by), view
    if binding.strength != "example":
        strength = "extensible" if binding.value_set in _MEANT_EXTENSIBLE else binding.strength
        yield Bound(strength, binding.value_set, view.said_by), view


def _strongest(definitions: Definitions, said: Sequence[_Said]) -> list[_Said]:
    """Keep one for a value set: the strongest, and of equal ones the first."""
    found: dict[str, _Said] = {}
    for one in said:
        known = definitions.exact("ValueSet", one[0].value_set) if len(said) > 1 else None
        key = known or one[0].value_set
        if key not in found or _RANK[one[0].strength] > _RANK[found[key][0].strength]:
            found[key] = one
    return list(found.values())


def _overrules(definitions: Definitions, tighter: _Said, one: _Said) -> bool:
    """Whether ``tighter`` is as strong as ``one``, and said by a profile that builds on what says ``one``."""
    (bound, by), (other, of) = tighter, one
    if _RANK[bound.strength] < _RANK[other.strength]:
        return False
    # A profile may reach into a data type: then that type's own definition is what it builds on there.
    is_own = of.structure.derivation != "constraint" and of.element.base_path == by.element.base_path
    return (is_own and by.structure.derivation == "constraint") or _builds_on(definitions, by.structure, of.structure)


def _says_all(definitions: Definitions, tighter: _Said, one: _Said) -> bool:
    """Whether nothing is left to ask: codes that a base forbids, no profile on it can allow."""
    if _RANK[one[0].strength] <= _RANK["extensible"]:
        return True
    beyond = definitions.expansion(tighter[0].value_set).combined(
        definitions.expansion(one[0].value_set), Known.difference
    )
    return beyond.elsewhere.possible == NOTHING and all(known.possible == NOTHING for known in beyond.systems.values())


def _builds_on(definitions: Definitions, structure: Structure, other: Structure) -> bool:
    base = structure.base
    for _ in range(_DEEPEST):
        found = definitions.structure(base) if base else None
        if found is None or found is other:
            return found is not None
        base = found.base
    return False
