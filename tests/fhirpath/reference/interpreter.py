"""The walk over the tree: one branch a form of the grammar, collections as lists, nothing lazy that need not be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

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
from tests.fhirpath.reference.functions import FUNCTIONS
from tests.fhirpath.reference.items import Item, Walker, boolean, kind, system
from tests.fhirpath.reference.values import Failed, Unspecified, calculate, compare, equal, equivalent

CONSTANTS = {"ucum": "http://unitsofmeasure.org", "sct": "http://snomed.info/sct", "loinc": "http://loinc.org"}


@dataclass(frozen=True)
class Scope:
    """What a name means at one place of an expression: `$this` (a collection), `$index`, `$total`, and variables."""

    this: list[Item]
    index: int | None = None
    total: list[Item] | None = None
    variables: dict[str, list[Item]] = field(default_factory=dict)


class Interpreter:
    """Evaluates trees on one resource."""

    def __init__(self, definitions: Any, resource: dict[str, Any]) -> None:
        self.walker = Walker(definitions)
        self.resource = self.walker.root(resource)

    def run(self, tree: Node) -> list[Item]:
        """Evaluate with the resource as context.

        Raises Failed where the specification wants an error, Unspecified where this interpreter doesn't know.
        """
        own = [self.resource]
        return self.evaluate(tree, Scope(own, variables={"context": own, "resource": own, "rootResource": own}))

    def evaluate(self, node: Node, scope: Scope) -> list[Item]:
        match node:
            case Member(input=None, name=name):
                named = [item for item in scope.this if name[0].isupper() and self.walker.is_a(item, name)]
                return named or self.step(scope.this, name)
            case Member(input=source, name=name):
                return self.step(self.evaluate(source, scope), name)
            case Indexer(input=source, index=index):
                found = self.evaluate(source, scope)
                at = self.one(self.evaluate(index, scope), "Integer")
                return found[at.value : at.value + 1] if at is not None and at.value >= 0 else []
            case Unary(operator=sign, operand=operand):
                return self.signed(sign, self.evaluate(operand, scope))
            case TypeOperation(operator=operator, operand=operand, type=parts):
                return self.typed(operator, self.evaluate(operand, scope), ".".join(parts))
            case Binary(operator="and" | "or" | "xor" | "implies" as operator, left=left, right=right):
                return self.logic(operator, left, right, scope)
            case Binary(operator=operator, left=left, right=right):
                return self.binary(operator, self.evaluate(left, scope), self.evaluate(right, scope))
            case Call(input=source, name=name, arguments=arguments):
                focus = scope.this if source is None else self.evaluate(source, scope)
                if name not in FUNCTIONS:
                    raise Unspecified(f"the function {name}")
                return FUNCTIONS[name](self, focus, scope, *arguments)
        return self.constant(node, scope)

    def constant(self, node: Node, scope: Scope) -> list[Item]:
        match node:
            case Literal(type=name, value=value):
                return [system(name, value)]
            case QuantityLiteral(value=value, unit=unit):
                return [system("Quantity", (value, unit))]
            case Empty():
                return []
            case Special(name="this"):
                return scope.this
            case Special(name="index"):
                return [] if scope.index is None else [system("Integer", scope.index)]
            case Special(name="total"):
                return scope.total or []
            case Variable(name=name) if name in CONSTANTS:
                return [system("String", CONSTANTS[name])]
            case Variable(name=name) if name in scope.variables:
                return scope.variables[name]
            case Variable(name=name):
                raise Failed(f"no variable {name}")
        raise Unspecified(type(node).__name__)

    def each(self, expression: Node, items: list[Item], scope: Scope) -> list[list[Item]]:
        """Evaluate an argument once for each item, as `where` and `select` do."""
        return [self.evaluate(expression, replace(scope, this=[item], index=index)) for index, item in enumerate(items)]

    # --- collections and what they count as -----------------------------------------------------------------------

    def step(self, items: list[Item], name: str) -> list[Item]:
        return [child for item in items for child in self.walker.children(item, name)]

    def one(self, items: list[Item], *kinds: str) -> Item | None:
        """The one item of a collection, of one of these kinds; None of none. More than one is an error."""
        if not items:
            return None
        if len(items) > 1:
            raise Failed("more than one item where one is expected")
        if items[0].value is None:
            raise Unspecified("a primitive without a value")
        if kinds and kind(items[0]) not in kinds:
            raise Failed(f"a {kind(items[0])} where {kinds} is expected")
        return items[0]

    def truth(self, items: list[Item]) -> bool | None:
        """A collection as a condition: one item that is no Boolean is true."""
        found = self.one(items)
        if found is None:
            return None
        return bool(found.value) if kind(found) == "Boolean" else True

    def typed(self, operator: str, items: list[Item], name: str) -> list[Item]:
        if not self.walker.exists(name):
            raise Failed(f"no type {name}")
        if len(items) > 1:
            raise Failed(f"{operator} on more than one item")
        if operator == "is":
            return boolean(self.walker.is_a(items[0], name)) if items else []
        return [item for item in items if self.walker.is_cast(item, name)]

    # --- operators ------------------------------------------------------------------------------------------------

    def signed(self, sign: str, items: list[Item]) -> list[Item]:
        found = self.one(items, "Integer", "Decimal", "Quantity")
        if found is None:
            return []
        if kind(found) == "Quantity":
            raise Unspecified("the sign of a quantity")
        value = -found.value if sign == "-" else found.value
        return [system(kind(found), value)]

    def logic(self, operator: str, left: Node, right: Node, scope: Scope) -> list[Item]:
        ours = self.truth(self.evaluate(left, scope))
        try:
            theirs = self.truth(self.evaluate(right, scope))
        except Failed:
            if (operator, ours) in {("and", False), ("or", True), ("implies", False)}:
                raise Unspecified("whether an operand is evaluated that can't matter") from None
            raise
        match operator:
            case "and":
                result = False if False in (ours, theirs) else None if None in (ours, theirs) else True
            case "or":
                result = True if True in (ours, theirs) else None if None in (ours, theirs) else False
            case "xor":
                result = None if None in (ours, theirs) else ours != theirs
            case _:
                result = True if ours is False or theirs is True else None if None in (ours, theirs) else False
        return boolean(result)

    def binary(self, operator: str, ours: list[Item], theirs: list[Item]) -> list[Item]:
        match operator:
            case "=":
                return boolean(self.all_equal(ours, theirs))
            case "!=":
                found = self.all_equal(ours, theirs)
                return boolean(None if found is None else not found)
            case "~":
                return boolean(self.all_equivalent(ours, theirs))
            case "!~":
                return boolean(not self.all_equivalent(ours, theirs))
            case "|":
                return self.distinct([*ours, *theirs])
            case "in":
                item = self.single(ours)
                return [] if item is None else boolean(self.has(theirs, item))
            case "contains":
                item = self.single(theirs)
                return [] if item is None else boolean(self.has(ours, item))
            case "&":
                texts = [self.one(side, "String") for side in (ours, theirs)]
                return [system("String", "".join(text.value for text in texts if text))]
            case "<" | "<=" | ">" | ">=":
                left, right = self.one(ours), self.one(theirs)
                order = compare(left, right) if left and right else None
                if order is None:
                    return []
                return boolean({"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator])
            case _:
                left, right = self.one(ours), self.one(theirs)
                return calculate(operator, left, right) if left and right else []

    def single(self, items: list[Item]) -> Item | None:
        if len(items) > 1:
            raise Failed("more than one item where one is expected")
        return items[0] if items else None

    def all_equal(self, ours: list[Item], theirs: list[Item]) -> bool | None:
        if not ours or not theirs:
            return None
        if len(ours) != len(theirs):
            return False
        found = [self.equal(left, right) for left, right in zip(ours, theirs, strict=True)]
        if False in found and None in found:
            raise Unspecified("one pair differs, another can't be told")
        return False if False in found else None if None in found else True

    def all_equivalent(self, ours: list[Item], theirs: list[Item]) -> bool:
        if len(ours) != len(theirs):
            return False
        if any(item.value is None for item in [*ours, *theirs]):
            raise Unspecified("equivalence of primitives without a value")
        left = list(theirs)
        for item in ours:
            match = next((other for other in left if equivalent(item, other)), None)
            if match is None:
                return False
            left.remove(match)
        return True

    def equal(self, left: Item, right: Item) -> bool | None:
        if left.value is None or right.value is None or left.extra or right.extra:
            raise Unspecified("equality of primitives with extensions")
        return equal(left, right)

    def has(self, items: list[Item], item: Item) -> bool:
        return any(self.equal(item, other) is True for other in items)

    def distinct(self, items: list[Item]) -> list[Item]:
        found: list[Item] = []
        for item in items:
            if not self.has(found, item):
                found.append(item)
        return found
