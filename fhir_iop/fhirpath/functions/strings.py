"""Strings (https://hl7.org/fhirpath/N1/#string-manipulation, and the later additions of the official suite)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.functions.registry import Call, Function, scalar
from fhir_iop.fhirpath.patterns import compiled, matches, matches_full, replace_matches
from fhir_iop.fhirpath.plan import Constant, Listed, Nothing, Plan, collect_boxed
from fhir_iop.fhirpath.runtime import escaping
from fhir_iop.fhirpath.runtime import strings as runtime
from fhir_iop.fhirpath.runtime.typed import unboxed
from fhir_iop.fhirpath.scalar import ScalarCall, check, check_one
from fhir_iop.fhirpath.scalar import scalar as scalar_value
from fhir_iop.fhirpath.shape import system

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter


class Split(Listed):
    """A string in parts: ``split(separator)`` and ``toChars()``."""

    def __init__(self, name: str, text: Plan, separator: Plan) -> None:
        self.name = name
        self.text, self.separator = check_one(text, "String", name), check_one(separator, "String", name)
        self.parts = (text, separator)
        self.shape = system("String", many=True)

    def collect(self, em: Emitter) -> str:
        text, separator = (em.bind(scalar_value(em, part, "String", self.name)) for part in (self.text, self.separator))
        return f"(() if {text} is None or {separator} is None else {em.use(runtime.split)}({text}, {separator}))"


class Join(Plan):
    """``texts.join(separator)``."""

    name = "join"

    def __init__(self, texts: Plan, separator: Plan) -> None:
        self.texts, self.separator = check(texts, "String", self.name), check_one(separator, "String", self.name)
        self.parts = (texts, separator)
        self.shape = system("String")

    def one(self, em: Emitter) -> str:
        separator = scalar_value(em, self.separator, "String", self.name)
        if self.texts.boxed:
            items = f"[{em.use(unboxed)}(v, 'String', 'join') for v in {em.iterable(collect_boxed(em, self.texts))}]"
        else:
            items = self.texts.collect(em)
        result = f"{em.use(runtime.joined_with)}({bare(items)}, {bare(separator)})"
        return f"{em.budget()}.text({result})" if em.is_looping else result


class Matches(ScalarCall):
    """A regular expression given as a literal: taken apart when the expression is compiled."""

    def compute(self, em: Emitter, values: list[str]) -> str:
        pattern = self.operands[1][0]
        if isinstance(pattern, Constant) and isinstance(pattern.value, str):
            found = compiled(pattern.value)
            if self.name == "matches":
                search = em.thing(found.searched.search, "SEARCH")
                slow = f"{em.thing(found, 'PATTERN')}.matches({values[0]})"
                return (
                    f"({search}({values[0]}) is not None if len({values[0]}) <= {found.longest_searched} else {slow})"
                )
            if self.name == "matchesFull":
                return f"{em.thing(found, 'PATTERN')}.matches_full({values[0]})"
        result = super().compute(em, values)
        return f"{em.budget()}.text({result})" if em.is_looping and self.name == "replaceMatches" else result


_PATTERNS: dict[str, Callable[..., Any]] = {
    "matches": matches,
    "matchesFull": matches_full,
    "replaceMatches": replace_matches,
}


def _matches(call: Call, pattern: Plan, *rest: Plan) -> Plan:
    if call.source.shape.is_empty or pattern.shape.is_empty or any(plan.shape.is_empty for plan in rest):
        return Nothing()
    if isinstance(pattern, Constant) and isinstance(pattern.value, str):
        compiled(pattern.value)  # an illegal pattern is an illegal expression
    operands = [(plan, "String") for plan in (call.source, pattern, *rest)]
    gives = "String" if call.name == "replaceMatches" else "Boolean"
    return Matches(call.name, gives, operands, _PATTERNS[call.name], partial=False)


def _join(call: Call, separator: Plan | None = None) -> Plan:
    return Nothing() if call.source.shape.is_empty else Join(call.source, separator or Constant("String", ""))


def _split(call: Call, separator: Plan) -> Plan:
    return Nothing() if call.source.shape.is_empty else Split(call.name, call.source, separator)


def _to_chars(call: Call) -> Plan:
    return _split(call, Constant("String", ""))


FUNCTIONS = (
    scalar("indexOf", "String", ("String",), "Integer", "{0}.find({1})"),
    scalar("lastIndexOf", "String", ("String",), "Integer", "{0}.rfind({1})"),
    scalar("substring", "String", ("Integer", "Integer?"), "String", runtime.substring),
    scalar("startsWith", "String", ("String",), "Boolean", "{0}.startswith({1})"),
    scalar("endsWith", "String", ("String",), "Boolean", "{0}.endswith({1})"),
    scalar("contains", "String", ("String",), "Boolean", "({1} in {0})"),
    scalar("upper", "String", (), "String", "{0}.upper()"),
    scalar("lower", "String", (), "String", "{0}.lower()"),
    scalar("replace", "String", ("String", "String"), "String", runtime.replaced, partial=False),
    scalar("length", "String", (), "Integer", "len({0})"),
    scalar("trim", "String", (), "String", "{0}.strip()"),
    scalar("encode", "String", ("String",), "String", escaping.encoded),
    scalar("decode", "String", ("String",), "String", escaping.decoded),
    scalar("escape", "String", ("String",), "String", escaping.escaped),
    scalar("unescape", "String", ("String",), "String", escaping.unescaped),
    Function("matches", ("value",), _matches),
    Function("matchesFull", ("value",), _matches),
    Function("replaceMatches", ("value", "value"), _matches),
    Function("split", ("value",), _split),
    Function("toChars", (), _to_chars),
    Function("join", ("value?",), _join),
)
