"""Expressions made for a resource: mostly legal, mostly with a result, from a given source of chance.

An expression grows step by step, and the reference interpreter says after each step what it gives on the resource: a
step that would end in an error is dropped, and the next one is chosen by what is there. The source is a
`random.Random`: a seeded one, or hypothesis's, which can shrink what it chose.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.parser import children
from fhir_iop.fhirpath.tree import (
    Binary,
    Call,
    Empty,
    Indexer,
    Literal,
    Member,
    Node,
    QuantityLiteral,
    Special,
    TypeOperation,
    Unary,
    Variable,
)
from tests.fhirpath.reference import Failed, Interpreter, Unspecified
from tests.fhirpath.reference.interpreter import Scope
from tests.fhirpath.reference.items import PRIMITIVES, Item, decimal, kind
from tests.fhirpath.reference.values import CALENDAR_OF, UNITS, quantity_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

THIS = Special("this")
NUMBERS = ("Integer", "Decimal")
MOMENTS = ("Date", "DateTime")


def unordered(node: Node) -> bool:
    """Whether a tree goes through children in an order that nobody promises, so that no first one may be asked for."""
    is_tree = isinstance(node, Call) and node.name in ("children", "descendants")
    return is_tree or any(unordered(child) for child in children(node))


class Generator:
    """Makes expressions for one resource."""

    def __init__(self, definitions: Any, resource: dict[str, Any], rng: Random) -> None:
        self.rng = rng
        self.interpreter = Interpreter(definitions, resource)
        self.walker = self.interpreter.walker
        own = [self.interpreter.resource]
        self.scope = Scope(own, variables={"context": own, "resource": own, "rootResource": own})

    def expression(self, steps: int = 5) -> Node:
        """Return a tree that the reference interpreter can evaluate on the resource."""
        node: Node = self.start(self.scope)
        for _ in range(self.rng.randint(0, steps)):
            node = self.grown(node, self.scope, depth=2)
            if self.rng.random() < 0.5 and {kind(item) for item in self.values(node, self.scope) or []} == {"Boolean"}:
                break  # a truth value has little more to say
        items = self.values(node, self.scope) or []
        if any(kind(item) == "Complex" for item in items) and self.rng.random() < 0.8:
            node = self.kept(node, self.child(node, items, self.scope, 0), self.scope)
        return node

    def ended(self, node: Node) -> Node:
        """Add a last step that the interpreter doesn't know, where HL7's engine is there to say what it gives."""
        items = self.values(node, self.scope) or []
        if len(items) != 1:
            return Call(node, "sort", ()) if items and self.rng.random() < 0.3 else node
        names = ["type", "toQuantity", "toDateTime", "convertsToDate", "convertsToDateTime"]
        if kind(items[0]) in (*NUMBERS, *MOMENTS, "Time"):
            names += ["lowBoundary", "highBoundary", "precision"] * 3
        name = self.rng.choice(names)
        grown = Call(node, name, ())
        return Member(grown, "name") if name == "type" else grown

    # --- growing --------------------------------------------------------------------------------------------------

    def values(self, node: Node, scope: Scope) -> list[Item] | None:
        """What a tree gives here; None where it ends in an error or nobody knows."""
        try:
            return self.interpreter.evaluate(node, scope)
        except (Failed, Unspecified):
            return None

    def kept(self, node: Node, grown: Node | None, scope: Scope) -> Node:
        return node if grown is None or self.values(grown, scope) is None else grown

    def start(self, scope: Scope) -> Node:
        """A first step: a child of what is in focus, its type's name before it now and then, or a constant."""
        item = self.rng.choice(scope.this) if scope.this else None
        if item is None or self.rng.random() < 0.05:
            return self.constant()
        if kind(item) not in ("Complex", "Quantity"):
            return THIS
        names = self.names(item)
        if not names:
            return THIS
        at_root = scope.this == self.scope.this
        first: Node | None = None
        if at_root and self.rng.random() < 0.3:
            first = self.rng.choice([Member(None, item.type), Variable("resource"), Variable("context"), THIS])
        return Member(first, self.rng.choice(names))

    def grown(self, node: Node, scope: Scope, depth: int) -> Node:
        """One step more, or the same where the chosen one leads nowhere."""
        items = self.values(node, scope)
        if items is None:
            return node
        steps = self.steps(items, depth)
        return self.kept(node, self.rng.choice(steps)(node, items, scope, depth), scope)

    def steps(self, items: list[Item], depth: int) -> list[Callable[..., Node | None]]:
        kinds = {kind(item) for item in items}
        found: list[Callable[..., Node | None]] = [self.counted, self.cut, self.combined, self.typed]
        if depth:
            found += [self.filtered, self.filtered, self.projected]
            found += [self.conditional] if self.rng.random() < 0.3 else []
        if kinds & {"Complex", "Quantity"}:
            found += [self.child] * 8 + [self.extension, self.tree]
        if kinds == {"String"}:
            found += [self.texts] * 4
        if kinds and kinds <= {*NUMBERS}:
            found += [self.numbers] * 4
        if kinds and kinds <= {*MOMENTS}:
            found += [self.moments] * 4
        if kinds == {"Boolean"}:
            found += [self.truths] * 3
        if len(items) == 1 and kinds <= {*NUMBERS, *MOMENTS, "String", "Boolean", "Quantity", "Time"}:
            found += [self.compared] * 4 + [self.converted]
        return found

    # --- conditions -----------------------------------------------------------------------------------------------

    def condition(self, scope: Scope, depth: int) -> Node | None:
        """A tree that is a truth value, or empty, with this in focus."""
        if depth and self.rng.random() < 0.25:
            left, right = self.condition(scope, depth - 1), self.condition(scope, depth - 1)
            if left and right:
                return Binary(self.rng.choice(["and", "or", "xor", "implies"]), left, right)
        node = self.start(scope)
        for _ in range(self.rng.randint(0, 2)):
            node = self.grown(node, scope, depth=0)
        items = self.values(node, scope)
        if items is None:
            return None
        if len(items) == 1 and kind(items[0]) == "Boolean":
            return node
        if len(items) == 1 and kind(items[0]) != "Complex" and self.rng.random() < 0.7:
            found = self.compared(node, items, scope, depth)
            if found is not None:
                return found
        return Call(node, self.rng.choice(["exists", "exists", "empty"]), ())

    def inside(self, items: list[Item], scope: Scope) -> Scope:
        """The scope of a function's argument, as it is for one of the items."""
        index = self.rng.randrange(len(items))
        return replace(scope, this=[items[index]], index=index)

    def filtered(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        if not items:
            return None
        criterion = self.condition(self.inside(items, scope), depth - 1)
        if self.rng.random() < 0.1:
            criterion = Binary(self.rng.choice([">", "<", "="]), Special("index"), Literal("Integer", 1))
        name = self.rng.choice(["where", "where", "where", "exists", "all"])
        return Call(node, name, (criterion,)) if criterion else None

    def projected(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        if not items:
            return None
        inner = self.inside(items, scope)
        projection = self.start(inner)
        for _ in range(self.rng.randint(0, 2)):
            projection = self.grown(projection, inner, depth - 1)
        return Call(node, "select", (projection,))

    def conditional(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        criterion = self.condition(scope, depth - 1)
        if criterion is None:
            return None
        other = self.rng.choice([Empty(), self.constant(), node])
        return Call(None, "iif", (Call(criterion, "exists", ()), node, other))

    # --- any collection -------------------------------------------------------------------------------------------

    def counted(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node:
        names = ["count", "exists", "empty", "isDistinct", "distinct"] * 4 + ["hasValue"]
        return Call(node, self.rng.choice(names), ())

    def cut(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        if unordered(node):
            return None
        number = Literal("Integer", self.rng.randint(0, max(len(items), 1)))
        name = self.rng.choice(["first", "last", "tail", "skip", "take"] * 5 + ["single", "["])
        if name == "[":
            return Indexer(node, number)
        return Call(node, name, (number,) if name in ("skip", "take") else ())

    def combined(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node:
        other = self.rng.choice([node, self.cut(node, items, scope, depth) or node, self.start(scope), Empty()])
        if items and kind(items[0]) not in ("Complex", "Quantity"):
            other = self.rng.choice([other, self.literal(self.rng.choice(items)) or other])
        operator = self.rng.choice(["|", "=", "!=", "in", "contains", "union", "combine", "intersect", "exclude",
                                    "subsetOf", "supersetOf"])  # fmt: skip
        if unordered(node) or unordered(other):
            return Binary("=", Call(node, "count", ()), Call(other, "count", ()))
        if operator == "in":
            return Binary("in", Call(node, "first", ()), other)
        if operator == "contains":
            return Binary("contains", node, Call(other, "first", ()))
        return Call(node, operator, (other,)) if operator.isalpha() else Binary(operator, node, other)

    def typed(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        names = [item.type for item in items if not item.type.startswith("System.") and "Element" not in item.type]
        if not names:
            return None
        name = self.rng.choice([*names, "Quantity", "string"])
        way = self.rng.choice(["ofType", "is", "as", "is()"])
        if way == "ofType":
            return Call(node, "ofType", (Member(None, name),))
        if way == "is()":
            return Call(node, "is", (Member(Member(None, "FHIR"), name),))
        return TypeOperation("is" if way == "is" else "as", node, (name,))

    # --- structures -----------------------------------------------------------------------------------------------

    def names(self, item: Item) -> list[str]:
        """Names of children: four times out of five ones that are there."""
        if item.place in ("", "xhtml"):
            return []
        structure = self.walker.definitions.type(item.place.partition(".")[0])
        defined = [element.name.removesuffix("[x]") for element in structure.children.get(item.place, ())]
        if item.type in PRIMITIVES:
            defined.remove("value")
        if self.rng.random() < 0.9:
            defined = [name for name in defined if name != "id"]  # it says little, and would come often
        there = [name for name in defined if self.walker.children(item, name)]
        return there if there and self.rng.random() < 0.8 else defined

    def child(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        item = self.rng.choice(items)
        names = self.names(item)
        return Member(node, self.rng.choice(names)) if names else None

    def extension(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        found = [child.value["url"] for item in items for child in self.walker.children(item, "extension")]
        return Call(node, "extension", (Literal("String", self.rng.choice(found)),)) if found else None

    def tree(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        for name in self.names(items[0]):
            if any(self.walker.children(child, name) for child in self.walker.children(items[0], name)):
                return Call(node, "repeat", (Member(None, name),))
        below = Call(node, self.rng.choice(["children", "descendants"]), ())
        return Call(below, "count", ()) if self.rng.random() < 0.5 else Call(below, "ofType", (Member(None, "Coding"),))

    # --- primitives -----------------------------------------------------------------------------------------------

    def texts(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        if len(items) > 1:
            return Call(node, "join", (Literal("String", ", "),))
        text = items[0].value or ""
        part = Literal("String", self.part(text))
        number = Literal("Integer", self.rng.randint(0, min(len(text), 12)))
        some = {
            "length": (), "upper": (), "lower": (), "toChars": (), "trim": (), "startsWith": (part,),
            "endsWith": (part,), "contains": (part,), "indexOf": (part,), "split": (part,),
            "replace": (part, Literal("String", "_")), "substring": (number,), "matches": (Literal("String", "[a-m]"),),
            "replaceMatches": (Literal("String", "[0-9]"), Literal("String", "#")), "+": (part,), "&": (part,),
        }  # fmt: skip
        name = self.rng.choice(sorted(some))
        return Binary(name, node, part) if name in "+&" else Call(node, name, some[name])

    def part(self, text: str) -> str:
        if not text or self.rng.random() < 0.2:
            return "a"
        start = self.rng.randrange(len(text))
        return text[start : start + self.rng.randint(1, 5)]

    def numbers(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        if len(items) > 1:
            step = Binary("+", THIS, Special("total"))
            return Call(node, "aggregate", (step, Literal("Integer", 0)))
        number: Node = self.rng.choice(
            [Literal("Integer", self.rng.randint(0, 9)), Literal("Decimal", Decimal(self.rng.choice(["0.5", "2.50"])))]
        )
        some = ["+", "-", "*", "div", "mod", "abs", "ceiling", "floor", "truncate", "round", "negative", "/"]
        name = self.rng.choice(some)
        if name == "negative":
            return Unary("-", node)
        if name == "/":
            return Binary("/", node, Literal("Integer", self.rng.choice([1, 2, 4, 5])))
        if name == "round":
            return Call(node, "round", (Literal("Integer", self.rng.randint(0, 3)),))
        return Call(node, name, ()) if len(name) > 3 or name == "abs" else Binary(name, node, number)

    def moments(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        if len(items) != 1:
            return None
        unit = self.rng.choice(["years", "months", "weeks", "days", "day"])
        amount = QuantityLiteral(Decimal(self.rng.randint(0, 40)), unit, calendar=True)
        return Binary(self.rng.choice("+-"), node, amount)

    def truths(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        names = ["allTrue", "anyTrue", "allFalse", "anyFalse", *(["not"] * 3 if len(items) == 1 else [])]
        return Call(node, self.rng.choice(names), ())

    def compared(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node | None:
        literal = self.literal(items[0])
        if literal is None:
            return None
        operators = ["=", "!=", "=", "~", "!~"]
        if kind(items[0]) == "Quantity":
            operators = ["=", "!="]
        if kind(items[0]) != "Boolean":
            operators += ["<", "<=", ">", ">="]
        sides = [node, literal]
        if self.rng.random() < 0.1:
            sides.reverse()
        return Binary(self.rng.choice(operators), *sides)

    def converted(self, node: Node, items: list[Item], scope: Scope, depth: int) -> Node:
        if self.rng.random() < 0.05:
            return Call(node, "getValue", ())
        name = self.rng.choice(["String", "Integer", "Decimal", "Boolean"])
        return Call(node, self.rng.choice(["to", "convertsTo"]) + name, ())

    # --- literals -------------------------------------------------------------------------------------------------

    def constant(self) -> Node:
        return self.rng.choice(
            [
                Literal("Integer", self.rng.randint(0, 3)),
                Literal("String", "active"),
                Literal("Boolean", self.rng.random() < 0.5),
                Literal("Decimal", Decimal("1.50")),
                Literal("Date", "2015-02-07"),
                Empty(),
            ]
        )

    def literal(self, item: Item) -> Node | None:
        """A literal of the item's own value, or one near it; None where there is none of its kind."""
        if item.value is None:
            return None
        near = self.rng.random() < 0.4
        match kind(item):
            case "Boolean":
                return Literal("Boolean", item.value != near)
            case "Integer":
                return Literal("Integer", abs(item.value) + near)
            case "Decimal":
                value = abs(decimal(item.value)) + (Decimal("0.1") if near else 0)
                # without a point it would be an Integer
                return Literal("Decimal", value if "." in f"{value:f}" else Decimal(f"{value:f}.0"))
            case "String":
                return Literal("String", self.part(item.value) if near else item.value)
            case "Date" | "DateTime" if len(str(item.value)) <= 10:
                text = str(item.value)[: self.rng.choice([4, 7, 10])] if near else str(item.value)
                return Literal("Date", text)
            case "DateTime":
                return Literal("DateTime", item.value)
            case "Time":
                return Literal("Time", item.value)
            case "Quantity":
                return self.quantity(item, near=near)
        return None

    def quantity(self, item: Item, *, near: bool) -> Node | None:
        try:
            amount, unit = quantity_parts(item)
        except Unspecified:
            return None
        if near and unit in UNITS and unit not in CALENDAR_OF:
            same = [other for other, (dimension, _) in UNITS.items() if dimension == UNITS[unit][0]]
            unit = self.rng.choice(sorted(same))
        return QuantityLiteral(abs(amount) + near, unit, calendar=False)
