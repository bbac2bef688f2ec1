"""Which known extensions may stand where."""

from functools import cached_property
from random import Random

from fhir_iop.definitions.schema import Structure
from fhir_iop.validation.contexts import fits, names_of
from fhir_iop.validation.expectations import Expectations
from fhir_iop.validation.expected import Expected


class Extensions:
    """The extensions at hand, by the elements whose context admits them."""

    def __init__(self, expectations: Expectations) -> None:
        self._definitions = expectations.definitions
        self._fitting: dict[tuple[Expected, bool], list[Structure]] = {}

    def some(self, holder: Expected, rng: Random, *, is_modifier: bool) -> Structure | None:
        """Return an extension that may stand in values of ``holder``; None where there is none."""
        key = (holder, is_modifier)
        if key not in self._fitting:
            names = names_of(holder)
            self._fitting[key] = [one for one in self.all if _is_modifier(one) is is_modifier and _fits(one, names)]
        fitting = self._fitting[key]
        return rng.choice(fitting) if fitting else None

    @cached_property
    def all(self) -> list[Structure]:
        """The extensions at hand that stand for themselves and have no condition beyond where they stand."""
        urls = sorted({url for package, url, _ in self._definitions.canonicals("StructureDefinition")})
        found = [self._definitions.structure(url) for url in urls]
        return [
            one
            for one in found
            if one is not None
            and one.type == "Extension"
            and one.derivation == "constraint"
            and one.context
            and not one.context_invariants
            and one.by_id["Extension.url"].fixed is not None
        ]


def _is_modifier(extension: Structure) -> bool:
    return extension.elements[0].is_modifier


def _fits(extension: Structure, names: set[str]) -> bool:
    return any(kind == "element" and fits(kind, expression, names) for kind, expression in extension.context)
