"""A profile that a resource claims in `meta.profile` is at hand, and is a profile of its type.

https://hl7.org/fhir/R4/profiling.html#resources. What isn't at hand wasn't checked, and that is always
told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.remembered import remembered
from fhir_iop.validation.rules.canonical import is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_REMEMBERED = 1024


def applies(expected: Expected) -> bool:
    """Whether values are resources."""
    return expected.is_resource


def quick(expected: Expected) -> Test:
    """Return whether all that a resource claims is at hand, and of its type."""
    definitions = expected.expectations.definitions

    @remembered(_REMEMBERED)
    def is_right(canonical: str) -> bool:
        structure = definitions.structure(canonical)
        return structure is not None and definitions.is_a(expected.type, structure.type)

    def are_right(resource: dict[str, Any]) -> bool:
        meta = resource.get("meta")
        if meta is None or "profile" not in meta:
            return True
        return all(is_right(one) for one in meta["profile"])

    return are_right


def find(item: Item) -> Iterator[Finding]:
    """Yield `profile-unknown` and `profile-other-type` for the canonicals in a resource's `meta.profile`."""
    meta = item.value.get("meta") if item.expected.is_resource and isinstance(item.value, dict) else None
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    for index, canonical in enumerate(profiles if isinstance(profiles, list) else ()):
        if not isinstance(canonical, str):
            continue
        place = item.place.down("meta", "meta").down("profile", "profile", index)
        structure = item.expected.expectations.definitions.structure(canonical)
        if structure is None:
            if not is_absolute(canonical):
                continue  # no canonical at all, which rules/canonical.py tells
            severity = item.frame.outside.options.unknown_profile
            yield item.found("profile-unknown", place=place, severity=severity, canonical=canonical)
        elif not item.expected.expectations.definitions.is_a(item.expected.type, structure.type):
            type_ = item.expected.type
            yield item.found("profile-other-type", place=place, canonical=canonical, other=structure.type, type=type_)
