"""The functions, each as its paragraph says (https://hl7.org/fhirpath/N1/#functions, FHIR's own after them).

A function gets the interpreter, its input, the scope and its arguments as trees; what it does with them is its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.tree import Member, Node
from tests.fhirpath.reference.items import Item, boolean, decimal, kind, system
from tests.fhirpath.reference.values import Failed, Unspecified

if TYPE_CHECKING:
    from tests.fhirpath.reference.interpreter import Interpreter, Scope

Function = Callable[..., list[Item]]
FUNCTIONS: dict[str, Function] = {}


def function(name: str) -> Callable[[Function], Function]:
    def kept(found: Function) -> Function:
        FUNCTIONS[name] = found
        return found

    return kept


def on_items(name: str) -> Callable[[Callable[..., list[Item]]], None]:
    """A function of its input collection alone, or with arguments that are collections evaluated beforehand."""

    def kept(found: Callable[..., list[Item]]) -> None:
        def called(at: Interpreter, focus: list[Item], scope: Scope, *arguments: Node) -> list[Item]:
            return found(at, focus, *(at.evaluate(argument, scope) for argument in arguments))

        FUNCTIONS[name] = called

    return kept


def on_text(name: str) -> Callable[[Callable[..., Any]], None]:
    """A function of one string, whose arguments are single values; empty where the input or an argument is."""

    def kept(found: Callable[..., Any]) -> None:
        def called(at: Interpreter, focus: list[Item], scope: Scope, *arguments: Node) -> list[Item]:
            text = at.one(focus, "String")
            values = [at.one(at.evaluate(argument, scope)) for argument in arguments]
            if text is None or None in values:
                return []
            return wrapped(found(text.value, *(value.value for value in values)))

        FUNCTIONS[name] = called

    return kept


def on_number(name: str) -> Callable[[Callable[..., Any]], None]:
    """A function of one number."""

    def kept(found: Callable[..., Any]) -> None:
        def called(at: Interpreter, focus: list[Item], scope: Scope, *arguments: Node) -> list[Item]:
            number = at.one(focus, "Integer", "Decimal", "Quantity")
            values = [at.one(at.evaluate(argument, scope)) for argument in arguments]
            if number is None or None in values:
                return []
            if kind(number) == "Quantity":
                raise Unspecified("mathematics of quantities")
            return wrapped(found(number.value, *(value.value for value in values)))

        FUNCTIONS[name] = called

    return kept


def wrapped(value: Any) -> list[Item]:
    if value is None:
        return []
    if isinstance(value, list):
        return [item for each in value for item in wrapped(each)]
    for cls, name in ((bool, "Boolean"), (int, "Integer"), (Decimal, "Decimal"), (str, "String")):
        if isinstance(value, cls):
            return [system(name, value)]
    raise TypeError(value)


# --- existence ----------------------------------------------------------------------------------------------------


@function("exists")
def exists(at: Interpreter, focus: list[Item], scope: Scope, *criteria: Node) -> list[Item]:
    return boolean(bool(where(at, focus, scope, *criteria) if criteria else focus))


@function("all")
def all_(at: Interpreter, focus: list[Item], scope: Scope, criteria: Node) -> list[Item]:
    return boolean(all(at.truth(found) is True for found in at.each(criteria, focus, scope)))


def truths(at: Interpreter, focus: list[Item]) -> list[bool]:
    if any(kind(item) != "Boolean" for item in focus):
        raise Failed("not all are Booleans")
    return [at.truth([item]) is True for item in focus]


on_items("empty")(lambda at, focus: boolean(not focus))
on_items("not")(lambda at, focus: boolean(None if (found := at.truth(focus)) is None else not found))
on_items("count")(lambda at, focus: [system("Integer", len(focus))])
on_items("allTrue")(lambda at, focus: boolean(all(truths(at, focus))))
on_items("anyTrue")(lambda at, focus: boolean(any(truths(at, focus))))
on_items("allFalse")(lambda at, focus: boolean(not any(truths(at, focus))))
on_items("anyFalse")(lambda at, focus: boolean(not all(truths(at, focus))))
on_items("distinct")(lambda at, focus: at.distinct(focus))
on_items("isDistinct")(lambda at, focus: boolean(len(at.distinct(focus)) == len(focus)))
on_items("subsetOf")(lambda at, focus, other: boolean(all(at.has(other, item) for item in focus)))
on_items("supersetOf")(lambda at, focus, other: boolean(all(at.has(focus, item) for item in other)))


# --- filtering and projection -------------------------------------------------------------------------------------


@function("where")
def where(at: Interpreter, focus: list[Item], scope: Scope, criteria: Node) -> list[Item]:
    found = at.each(criteria, focus, scope)
    return [item for item, answer in zip(focus, found, strict=True) if at.truth(answer) is True]


@function("select")
def select(at: Interpreter, focus: list[Item], scope: Scope, projection: Node) -> list[Item]:
    return [item for found in at.each(projection, focus, scope) for item in found]


@function("repeat")
def repeat(at: Interpreter, focus: list[Item], scope: Scope, projection: Node) -> list[Item]:
    found: list[Item] = []
    waiting = select(at, focus, scope, projection)
    while waiting:
        item = waiting.pop(0)
        if not any(item.value == other.value and item.type == other.type for other in found):
            found.append(item)
            waiting += select(at, [item], scope, projection)
    return found


def type_name(node: Node) -> str:
    assert isinstance(node, Member)
    return node.name if node.input is None else f"{type_name(node.input)}.{node.name}"


@function("ofType")
def of_type(at: Interpreter, focus: list[Item], scope: Scope, name: Node) -> list[Item]:
    if not at.walker.exists(type_name(name)):
        raise Failed("no such type")
    return [item for item in focus if at.walker.is_cast(item, type_name(name))]


FUNCTIONS["is"] = lambda at, focus, scope, name: at.typed("is", focus, type_name(name))
FUNCTIONS["as"] = lambda at, focus, scope, name: at.typed("as", focus, type_name(name))


# --- subsetting and combining -------------------------------------------------------------------------------------


def subset(name: str, cut: Callable[[list[Item], int], list[Item]]) -> None:
    def called(at: Interpreter, focus: list[Item], scope: Scope, count: Node) -> list[Item]:
        number = at.one(at.evaluate(count, scope), "Integer")
        return [] if number is None else cut(focus, number.value)

    FUNCTIONS[name] = called


subset("skip", lambda focus, count: focus[max(count, 0) :])
subset("take", lambda focus, count: focus[: max(count, 0)])
on_items("first")(lambda at, focus: focus[:1])
on_items("last")(lambda at, focus: focus[-1:])
on_items("tail")(lambda at, focus: focus[1:])
on_items("single")(lambda at, focus: [] if at.single(focus) is None else focus)
on_items("intersect")(lambda at, focus, other: at.distinct([item for item in focus if at.has(other, item)]))
on_items("exclude")(lambda at, focus, other: [item for item in focus if not at.has(other, item)])
on_items("union")(lambda at, focus, other: at.distinct([*focus, *other]))
on_items("combine")(lambda at, focus, other: [*focus, *other])


@function("iif")
def iif(at: Interpreter, focus: list[Item], scope: Scope, criterion: Node, then: Node, *otherwise: Node) -> list[Item]:
    if len(focus) > 1:
        raise Failed("iif on more than one item")
    scope = replace(scope, this=focus)
    answer = at.evaluate(criterion, scope)
    if any(kind(item) != "Boolean" for item in answer):
        raise Failed("a criterion that is no Boolean")
    if at.truth(answer) is True:
        return at.evaluate(then, scope)
    return at.evaluate(otherwise[0], scope) if otherwise else []


@function("aggregate")
def aggregate(at: Interpreter, focus: list[Item], scope: Scope, step: Node, *start: Node) -> list[Item]:
    total = at.evaluate(start[0], scope) if start else []
    for index, item in enumerate(focus):
        total = at.evaluate(step, type(scope)([item], index, total, scope.variables))
    return total


# --- tree ---------------------------------------------------------------------------------------------------------


def descend(at: Interpreter, items: list[Item]) -> list[Item]:
    below = [child for item in items for child in at.walker.children(item)]
    return [*below, *descend(at, below)] if below else []


on_items("children")(lambda at, focus: [child for item in focus for child in at.walker.children(item)])
on_items("descendants")(descend)
FUNCTIONS["trace"] = lambda at, focus, scope, *arguments: focus


# --- FHIR's own ---------------------------------------------------------------------------------------------------


def has_value(focus: list[Item]) -> bool:
    return len(focus) == 1 and focus[0].value is not None and kind(focus[0]) not in ("Complex", "Quantity")


on_items("hasValue")(lambda at, focus: boolean(has_value(focus)))
on_items("getValue")(lambda at, focus: [system(kind(focus[0]), focus[0].value)] if has_value(focus) else [])


@function("extension")
def extension(at: Interpreter, focus: list[Item], scope: Scope, url: Node) -> list[Item]:
    wanted = at.one(at.evaluate(url, scope), "String")
    found = at.step(focus, "extension")
    return [item for item in found if wanted is not None and item.value.get("url") == wanted.value]


# --- conversion ---------------------------------------------------------------------------------------------------

INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def to_integer(item: Item) -> Any:
    if kind(item) == "Boolean":
        return int(item.value)
    if kind(item) == "Integer":
        return item.value
    if kind(item) == "String" and INTEGER.fullmatch(item.value) and abs(int(item.value)) < 2**31:
        return int(item.value)
    return None


def to_decimal(item: Item) -> Any:
    if kind(item) in ("Integer", "Decimal", "Boolean"):
        return decimal(int(item.value) if kind(item) == "Boolean" else item.value)
    return Decimal(item.value) if kind(item) == "String" and DECIMAL.fullmatch(item.value) else None


def to_boolean(item: Item) -> Any:
    if kind(item) == "Boolean":
        return item.value
    if kind(item) in ("Integer", "Decimal"):
        return {0: False, 1: True}.get(item.value)
    if kind(item) == "String":
        words = {"true": True, "t": True, "yes": True, "y": True, "1": True, "1.0": True}
        words |= {"false": False, "f": False, "no": False, "n": False, "0": False, "0.0": False}
        return words.get(item.value.lower())
    return None


def to_string(item: Item) -> Any:
    match kind(item):
        case "Boolean":
            return "true" if item.value else "false"
        case "Integer":
            return str(item.value)
        case "Decimal":
            return f"{item.value:f}"
        case "String" | "Date" | "DateTime" | "Time":
            return item.value
        case "Quantity":
            raise Unspecified("a quantity as text")
    return None


def conversion(name: str, convert: Callable[[Item], Any]) -> None:
    def to(at: Interpreter, focus: list[Item]) -> list[Item]:
        item = at.one(focus)
        return [] if item is None else wrapped(convert(item))

    def converts(at: Interpreter, focus: list[Item]) -> list[Item]:
        item = at.one(focus)
        return [] if item is None else boolean(convert(item) is not None)

    on_items(f"to{name}")(to)
    on_items(f"convertsTo{name}")(converts)


conversion("Integer", to_integer)
conversion("Decimal", to_decimal)
conversion("Boolean", to_boolean)
conversion("String", to_string)


# --- strings ------------------------------------------------------------------------------------------------------


def substring(text: str, start: int, length: int | None = None) -> str | None:
    if not 0 <= start < len(text):
        return None
    return text[start:] if length is None else text[start : start + max(length, 0)]


on_text("indexOf")(lambda text, part: text.find(part))
on_text("lastIndexOf")(lambda text, part: text.rfind(part))
on_text("substring")(substring)
on_text("startsWith")(lambda text, part: text.startswith(part))
on_text("endsWith")(lambda text, part: text.endswith(part))
on_text("contains")(lambda text, part: part in text)
on_text("upper")(lambda text: text.upper())
on_text("lower")(lambda text: text.lower())
on_text("replace")(lambda text, part, other: text.replace(part, other))
on_text("matches")(lambda text, pattern: re.search(pattern, text, re.DOTALL) is not None)
on_text("matchesFull")(lambda text, pattern: re.fullmatch(pattern, text, re.DOTALL) is not None)
on_text("replaceMatches")(lambda text, pattern, other: re.sub(pattern, other, text) if pattern else text)
on_text("length")(len)
on_text("toChars")(list)
on_text("trim")(lambda text: text.strip())
on_text("split")(lambda text, separator: text.split(separator))


@on_items("join")
def join(at: Interpreter, focus: list[Item], *separator: list[Item]) -> list[Item]:
    texts = [at.one([item], "String") for item in focus]
    between = at.one(separator[0], "String") if separator else None
    return [system("String", (between.value if between else "").join(text.value for text in texts))] if texts else []


# --- mathematics --------------------------------------------------------------------------------------------------


def rounded(number: Any, digits: int = 0) -> Decimal:
    if digits < 0:
        raise Failed("a negative number of digits")
    return decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


on_number("abs")(abs)
on_number("ceiling")(lambda number: int(decimal(number).to_integral_value(ROUND_CEILING)))
on_number("floor")(lambda number: int(decimal(number).to_integral_value(ROUND_FLOOR)))
on_number("truncate")(int)
on_number("round")(rounded)
on_number("sqrt")(lambda number: decimal(number).sqrt() if number >= 0 else None)
on_number("exp")(lambda number: Decimal(math.exp(number)))
on_number("ln")(lambda number: Decimal(math.log(number)) if number > 0 else None)
