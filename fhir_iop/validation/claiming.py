"""How much the resources inside another claim: each combination of profiles is merged by itself, which takes memory.

They lie in a Bundle, in Parameters and in `contained`; each may claim any profiles
(https://hl7.org/fhir/R4/resource.html#profile-tags).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expectations import Expectations

MOST_CLAIMED: Final = 1000  # profiles, each of some 30 kB when it is merged with others

_HOLDING: Final = ("Bundle", "Parameters")
_LISTS: Final = ("entry", "contained", "parameter", "part")  # of resources, or of what holds one
_HELD: Final = ("resource", "response", "outcome")


def claims_too_much(expectations: Expectations, resource: dict[str, Any]) -> bool:
    """Whether what is inside ``resource`` claims more than `MOST_CLAIMED` profiles, each combination counted once."""
    if "contained" not in resource and resource.get("resourceType") not in _HOLDING:
        return False
    combinations = set()
    count = 0
    for value in _inside(resource):
        if "meta" not in value and value.get("resourceType") != "Observation":
            continue
        combination = expectations.claims(value)
        if combination[1] and combination not in combinations:
            combinations.add(combination)
            count += len(combination[1])
            if count > MOST_CLAIMED:
                return True
    return False


def _inside(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each object in which a resource can lie, and each resource, inside ``resource``."""
    waiting = [resource]
    while waiting:
        value = waiting.pop()
        found = [value[name] for name in _HELD if name in value]
        for name in _LISTS:
            if isinstance(value.get(name), list):
                found += value[name]
        inside = [one for one in found if isinstance(one, dict)]
        waiting += inside
        yield from inside
