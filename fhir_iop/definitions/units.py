"""Value sets of UCUM: its codes are made by a grammar, so what a code is in base units says where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.definitions.codes import Membership
from fhir_iop.fhir.quantity import UCUM
from fhir_iop.fhir.ucum import unit

if TYPE_CHECKING:
    from fhir_iop.definitions.vocabulary import Include, ValueSet


def unit_membership(value_set: ValueSet, code: str) -> Membership:
    """Whether the UCUM ``code`` is in a value set that doesn't name it.

    All of UCUM, and units with the same canonical units as another (https://hl7.org/fhir/R4/ucum.html, the filter
    `canonical`), are told. A unit that our table doesn't cover may be UCUM's all the same: UNKNOWN.
    """
    if value_set.exclude or unit(code) is None:
        return Membership.UNKNOWN
    found = {_of(include, code) for include in value_set.include}
    for answer in (Membership.MEMBER, Membership.UNKNOWN):
        if answer in found:
            return answer
    return Membership.NOT_MEMBER


def _of(include: Include, code: str) -> Membership:
    if include.value_sets:
        return Membership.UNKNOWN
    if include.system != UCUM or include.codes is not None:
        return Membership.NOT_MEMBER
    asked = unit(code)
    for one in include.filters:
        other = unit(one.value)
        if (one.property, one.op) != ("canonical", "=") or other is None or asked is None:
            return Membership.UNKNOWN
        if asked.dimensions != other.dimensions:
            return Membership.NOT_MEMBER
    return Membership.MEMBER
