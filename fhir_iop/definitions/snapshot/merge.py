"""One element of a differential laid over the element it changes (https://hl7.org/fhir/R4/profiling.html#snapshot)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from fhir_iop.definitions.reading.structures import (
    binding_of,
    constraint_of,
    controls_of,
    extension,
    maximum,
    slicing_of,
    type_of,
    typed_value,
)
from fhir_iop.definitions.schema import Binding

if TYPE_CHECKING:
    from fhir_iop.definitions.schema import Constraint, Element, ElementType, Slicing

_ANY: Final = frozenset({"Resource", "DomainResource", "Element", "BackboneElement"})


class Rules(Protocol):
    """What a merge asks of the generator."""

    url: str

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether a type is or specialises another."""

    def type_named_by(self, profile: str) -> str | None:
        """Return the type that a profile constrains; None where it isn't at hand."""

    def report(self, rule: str, **facts: Any) -> None:
        """Note what is wrong with the element in hand."""


def merged(element: Element, says: dict[str, Any], rules: Rules) -> Element:
    """Return ``element`` with what a differential's element ``says``; what it may not say is reported and taken."""
    merge = _Merge(element, says, rules)
    return replace(
        element,
        min=merge.minimum(),
        max=merge.maximum(),
        types=merge.types(),
        slicing=merge.slicing(),
        binding=merge.binding(),
        fixed=merge.value("fixed", element.fixed),
        pattern=merge.value("pattern", element.pattern),
        min_value=merge.value("minValue", None) or element.min_value,
        max_value=merge.value("maxValue", None) or element.max_value,
        max_length=merge.max_length(),
        constraints=merge.constraints(),
        must_support=merge.must_support(),
        is_modifier=says.get("isModifier", element.is_modifier),
        is_summary=says.get("isSummary", element.is_summary),
        controls=merge.controls(),
    )


class _Merge:
    def __init__(self, element: Element, says: dict[str, Any], rules: Rules) -> None:
        self._element = element
        self._says = says
        self._rules = rules

    def minimum(self) -> int:
        wanted: int = self._says.get("min", self._element.min)
        if wanted < self._element.min:
            self._rules.report("snapshot-min", found=wanted, allowed=self._element.min)
        return wanted

    def maximum(self) -> int | None:
        has = self._element.max
        if "max" not in self._says:
            return has
        wanted = maximum(self._says["max"])
        if has is not None and (wanted is None or wanted > has):
            self._rules.report("snapshot-max", found=self._says["max"], allowed=has)
        return wanted

    def types(self) -> tuple[ElementType, ...]:
        if "type" not in self._says:
            return self._element.types
        wanted = tuple(map(type_of, self._says["type"]))
        for each in wanted:
            if self._element.types and not any(self._narrows(each, has) for has in self._element.types):
                allowed = ", ".join(dict.fromkeys(has.code for has in self._element.types))
                self._rules.report("snapshot-type", found=each.code, allowed=allowed)
            else:
                self._check_targets(each)
        return wanted

    def _narrows(self, wanted: ElementType, has: ElementType) -> bool:
        if has.code in {"*", wanted.code} or self._rules.is_a(wanted.code, has.code):
            return True
        return has.code in _ANY and self._rules.type_named_by(wanted.code) is None

    def _check_targets(self, wanted: ElementType) -> None:
        """Report a reference to a type that the base doesn't let it point to."""
        allowed = {
            self._rules.type_named_by(target)
            for has in self._element.types
            if has.code == wanted.code
            for target in has.target_profiles
        }
        if not allowed or None in allowed or "Resource" in allowed:
            return
        for target in wanted.target_profiles:
            found = self._rules.type_named_by(target)
            if found is not None and not any(self._rules.is_a(found, each) for each in allowed if each):
                self._rules.report("snapshot-target", found=found, allowed=", ".join(sorted(filter(None, allowed))))

    def slicing(self) -> Slicing | None:
        has = self._element.slicing
        wanted = slicing_of(self._says.get("slicing"))
        if wanted is None:
            return has
        if has is None:
            return wanted
        if has.rules == "closed" and wanted.rules != "closed":
            self._rules.report("snapshot-slicing", found=wanted.rules, allowed=has.rules)
        # A differential that repeats slicing without its discriminators goes on with those of the base.
        return replace(wanted, discriminators=wanted.discriminators or has.discriminators)

    def binding(self) -> Binding | None:
        has, says = self._element.binding, self._says.get("binding")
        if says is None:
            return has
        if has is None:
            return binding_of(says)
        most = extension(says, "elementdefinition-maxValueSet")
        if "valueSet" in says:  # another value set: how far beyond it one may go is said with it, or not at all
            wanted = Binding(says.get("strength", has.strength), says["valueSet"], most)
        else:
            wanted = Binding(says.get("strength", has.strength), has.value_set, most or has.max_value_set)
        if has.strength == "required" and wanted.strength != "required":
            self._rules.report("snapshot-binding", found=wanted.strength, allowed=has.strength)
        return wanted

    def value(self, prefix: str, has: tuple[str, Any] | None) -> tuple[str, Any] | None:
        wanted = typed_value(self._says, prefix)
        if wanted is None:
            return has
        if self._element.fixed is not None and prefix == "fixed" and wanted != self._element.fixed:
            self._rules.report("snapshot-fixed")
        return wanted

    def max_length(self) -> int | None:
        has = self._element.max_length
        wanted: int | None = self._says.get("maxLength", has)
        if has is not None and wanted is not None and wanted > has:
            self._rules.report("snapshot-max-length", found=wanted, allowed=has)
        return wanted

    def constraints(self) -> tuple[Constraint, ...]:
        by_key = {constraint.key: constraint for constraint in self._element.constraints}
        for says in self._says.get("constraint", ()):
            constraint = constraint_of(says)
            by_key[constraint.key] = replace(constraint, source=constraint.source or self._rules.url)
        return tuple(by_key.values())

    def controls(self) -> tuple[tuple[str, Any], ...]:
        wanted = tuple(controls_of(self._says))
        named = {name for name, _ in wanted}
        return (*(each for each in self._element.controls if each[0] not in named), *wanted)

    def must_support(self) -> bool:
        wanted: bool = self._says.get("mustSupport", self._element.must_support)
        if self._element.must_support and not wanted:
            self._rules.report("snapshot-must-support")
        return wanted
