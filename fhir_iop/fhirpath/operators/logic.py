"""Three-valued logic: and, or, xor, implies, not (https://hl7.org/fhirpath/N1/#boolean-logic)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.conditions import as_boolean
from fhir_iop.fhirpath.emitter import bare, shifted
from fhir_iop.fhirpath.plan import Plan
from fhir_iop.fhirpath.scalar import boolean
from fhir_iop.fhirpath.shape import Shape, system

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter


def _is_never_empty(plan: Plan) -> bool:
    return plan.shape.sure and not plan.boxed


class _Logic(Plan):
    def __init__(self, *operands: Plan) -> None:
        self.parts = tuple(operand.ask_for_one() for operand in operands)
        self.shape: Shape = system("Boolean", sure=all(map(_is_never_empty, operands)))


class Not(_Logic):
    """``x.not()``."""

    name = "not"

    def truth(self, em: Emitter, wanted: bool) -> str:
        return self.parts[0].truth(em, not wanted)

    def one(self, em: Emitter) -> str:
        if self.shape.sure:
            return as_boolean(self.parts[0].truth(em, wanted=False))
        value = em.bind(boolean(em, self.parts[0]))
        return f"(None if {value} is None else not {value})"


class _Chain(_Logic):
    """``and`` and ``or``: ``decisive`` is the value of one operand that settles the whole."""

    decisive: bool

    def truth(self, em: Emitter, wanted: bool) -> str:
        settled = wanted is self.decisive
        return chained(em, self.parts, wanted=wanted, word="or" if settled else "and")

    def one(self, em: Emitter) -> str:
        if self.shape.sure:
            return as_boolean(self.truth(em, wanted=True))
        result = em.fresh()
        first, *rest = self.parts
        em.line(f"{result} = {bare(boolean(em, first))}")
        for operand in rest:
            with em.when(f"{result} is not {self.decisive}"):
                other = em.bind(boolean(em, operand))
                open_ = f"None if {result} is None or {other} is None else {not self.decisive}"
                em.line(f"{result} = {self.decisive} if {other} is {self.decisive} else {open_}")
        return result


class And(_Chain):
    """All of several operands."""

    name, decisive = "and", False


class Or(_Chain):
    """Any of several operands."""

    name, decisive = "or", True


class Xor(_Logic):
    """Exactly one of two operands."""

    name = "xor"

    def one(self, em: Emitter) -> str:
        left, right = (em.bind(boolean(em, part)) for part in self.parts)
        if self.shape.sure:
            return f"({left} is not {right})"
        return f"(None if {left} is None or {right} is None else {left} is not {right})"


class Implies(_Logic):
    """``a implies b``: true where ``a`` is false or ``b`` is true."""

    name = "implies"

    def truth(self, em: Emitter, wanted: bool) -> str:
        left, right = self.parts
        if wanted:
            return chained(em, (Not(left), right), wanted=True, word="or")
        return chained(em, (left, Not(right)), wanted=True, word="and")

    def one(self, em: Emitter) -> str:
        left, right = self.parts
        if self.shape.sure:
            return as_boolean(self.truth(em, wanted=True))
        result = em.fresh()
        premise = em.bind(boolean(em, left))
        em.line(f"{result} = True")
        with em.when(f"{premise} is not False"):
            other = em.bind(boolean(em, right))
            em.line(f"{result} = True if {other} else False if {premise} and {other} is False else None")
        return result


def is_never_true_without(plan: Plan, scope: object) -> bool:
    """Whether a criteria can't be true where ``$this`` of the scope has no value, as far as that is plain."""
    if isinstance(plan, And):
        return any(is_never_true_without(part, scope) for part in plan.parts)
    if isinstance(plan, Or):
        return all(is_never_true_without(part, scope) for part in plan.parts)
    return plan.needs_value_of(scope)


def chained(em: Emitter, operands: tuple[Plan, ...], *, wanted: bool, word: str) -> str:
    """Return a condition: each (``and``) or any (``or``) operand is exactly ``wanted``; the rest isn't evaluated."""
    found: list[str] = []
    for operand in operands:
        with em.aside() as statements:
            condition = operand.truth(em, wanted)
        if not any(isinstance(statement, str) for statement in statements):
            found.append(condition)
            continue
        if not found:
            em.lines += shifted(statements)
            found.append(condition)
            continue
        result = em.fresh("holds")
        em.line(f"{result} = {bare(as_boolean(_joined(found, word)))}")
        with em.when(result if word == "and" else f"not {result}"):
            em.lines += statements
            em.line(f"{result} = {bare(as_boolean(condition))}")
        found = [result]
    return _joined(found, word)


def _joined(conditions: list[str], word: str) -> str:
    """Join conditions, leaving out those that are known before there is data."""
    decisive, neutral = ("True", "False") if word == "or" else ("False", "True")
    kept: list[str] = []
    for condition in conditions:
        if condition == neutral:
            continue
        kept.append(condition)
        if condition == decisive:
            break
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else f"({f' {word} '.join(kept)})"
