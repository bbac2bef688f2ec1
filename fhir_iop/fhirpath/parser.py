"""Tokens to a syntax tree, by precedence (https://hl7.org/fhirpath/N1/grammar.html)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from fhir_iop.fhir.date import is_date, is_date_time, is_time
from fhir_iop.fhir.remembered import remembered
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.lexer import Token, tokens
from fhir_iop.fhirpath.tree import (
    CALENDAR_WORDS,
    PRECEDENCE,
    TYPE_LEVEL,
    Binary,
    Call,
    Empty,
    Indexer,
    Literal,
    Member,
    Node,
    QuantityLiteral,
    SortKey,
    Special,
    TypeOperation,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from typing import Literal as OneOf

    from fhir_iop.fhirpath.tree import LiteralType

# Nesting is bounded so that neither this parser nor what walks its tree can run out of stack. A chain of one operator
# (``a | b | c``) is one level deep, and bounded on its own.
DEEPEST = 80
LONGEST_CHAIN = 200
LARGEST_INTEGER = 2**31 - 1

_LEVEL = {operator: level for level, operators in enumerate(PRECEDENCE) for operator in operators}
_RESERVED = frozenset({"and", "or", "xor", "implies", "div", "mod", "true", "false"})
_LITERAL_TYPES: dict[str, LiteralType] = {"date": "Date", "datetime": "DateTime", "time": "Time"}


@remembered(1024)
def parse(text: str) -> Node:
    """Parse an expression.

    Raises FhirPathError (rules ``fhirpath-syntax`` and ``fhirpath-limit``) with the position of what doesn't belong.
    """
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.expression()
        if self.token.kind != "end":
            raise self.unexpected()
        depth, chain = _measured(node)
        if depth > DEEPEST:
            raise FhirPathError("fhirpath-limit", limit=f"{DEEPEST} levels")
        if chain > LONGEST_CHAIN:
            raise FhirPathError("fhirpath-limit", limit=f"{LONGEST_CHAIN} operators in a row")
        return node

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def is_sign(self, sign: str) -> bool:
        return self.token.kind == "sign" and self.token.text == sign

    def expect(self, sign: str) -> Token:
        if not self.is_sign(sign):
            raise self.unexpected()
        return self.take()

    def unexpected(self) -> FhirPathError:
        token = self.token
        found = "the end" if token.kind == "end" else f"`{self.text[token.position :][: max(len(token.text), 1)]}`"
        return FhirPathError("fhirpath-syntax", text=self.text, position=token.position, found=found)

    # --- operators ------------------------------------------------------------------------------------------------

    def expression(self, level: int = 0) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FhirPathError(
                "fhirpath-limit", text=self.text, position=self.token.position, limit=f"{DEEPEST} levels"
            )
        node = self.unary()
        while (found := self.operator()) is not None and found[1] >= level:
            operator, binds, position = found
            self.take()
            if binds == TYPE_LEVEL:
                node = TypeOperation(operator, node, self.type_name(), position=position)  # type: ignore[arg-type]
            else:
                node = Binary(operator, node, self.expression(binds + 1), position=position)
        self.depth -= 1
        return node

    def operator(self) -> tuple[str, int, int] | None:
        token = self.token
        if token.kind not in ("sign", "word") or token.text not in _LEVEL:
            return None
        return token.text, _LEVEL[token.text], token.position

    def unary(self) -> Node:
        token = self.token
        if token.kind == "sign" and token.text in ("+", "-"):
            self.take()
            self.depth += 1
            if self.depth > DEEPEST:
                raise FhirPathError("fhirpath-limit", text=self.text, position=token.position, limit=f"{DEEPEST} signs")
            operand = self.unary()
            self.depth -= 1
            return Unary(token.text, operand, position=token.position)  # type: ignore[arg-type]
        return self.invocations()

    def type_name(self) -> tuple[str, ...]:
        parts = [self.identifier()]
        while self.is_sign("."):
            self.take()
            parts.append(self.identifier())
        return tuple(parts)

    # --- terms ----------------------------------------------------------------------------------------------------

    def invocations(self) -> Node:
        node = self.term()
        while True:
            if self.is_sign("."):
                self.take()
                node = self.invocation(node)
            elif self.is_sign("["):
                position = self.take().position
                node = Indexer(node, self.expression(), position=position)
                self.expect("]")
            else:
                return node

    def term(self) -> Node:
        token = self.token
        match token.kind:
            case "number":
                return self.number()
            case "string":
                self.take()
                return Literal("String", token.text, position=token.position)
            case "date" | "datetime" | "time":
                return self.moment()
            case "special":
                return self.special()
            case "quoted":
                return self.invocation(None)
            case "word" if token.text in ("true", "false"):
                self.take()
                return Literal("Boolean", token.text == "true", position=token.position)
            case "word" if token.text not in _RESERVED:
                return self.invocation(None)
        return self.bracketed()

    def bracketed(self) -> Node:
        token = self.token
        if self.is_sign("("):
            self.take()
            node = self.expression()
            self.expect(")")
            return node
        if self.is_sign("{"):
            self.take()
            self.expect("}")
            return Empty(position=token.position)
        if self.is_sign("%"):
            self.take()
            named = self.token.kind == "string"
            name = self.take().text if named else self.identifier()
            return Variable(name, position=token.position)
        raise self.unexpected()

    def special(self) -> Node:
        token = self.take()
        name: OneOf["this", "index", "total"] = token.text[1:]  # type: ignore[assignment]
        return Special(name, position=token.position)

    def invocation(self, source: Node | None) -> Node:
        token = self.token
        name = self.identifier()
        if not self.is_sign("("):
            return Member(source, name, position=token.position)
        self.take()
        arguments: list[Node] = []
        if not self.is_sign(")"):
            arguments.append(self.argument(name))
            while self.is_sign(","):
                self.take()
                arguments.append(self.argument(name))
        self.expect(")")
        return Call(source, name, tuple(arguments), position=token.position)

    def argument(self, function: str) -> Node:
        node = self.expression()
        token = self.token
        if function == "sort" and token.kind == "word" and token.text in ("asc", "desc"):
            self.take()
            return SortKey(node, token.text == "desc", position=token.position)
        return node

    def identifier(self) -> str:
        token = self.token
        if token.kind == "quoted" or (token.kind == "word" and token.text not in _RESERVED):
            return self.take().text
        raise self.unexpected()

    # --- literals -------------------------------------------------------------------------------------------------

    def number(self) -> Node:
        token = self.take()
        unit = self.token
        if unit.kind == "string":
            self.take()
            return QuantityLiteral(Decimal(token.text), unit.text, False, position=token.position)
        if unit.kind == "word" and unit.text in CALENDAR_WORDS:
            self.take()
            return QuantityLiteral(Decimal(token.text), unit.text, True, position=token.position)
        if "." in token.text:
            return Literal("Decimal", Decimal(token.text), position=token.position)
        if len(token.text) > 20 or int(token.text) > LARGEST_INTEGER:
            raise FhirPathError(
                "fhirpath-syntax", text=self.text, position=token.position, found="an integer beyond 2147483647"
            )
        return Literal("Integer", int(token.text), position=token.position)

    def moment(self) -> Node:
        token = self.take()
        kind = _LITERAL_TYPES[token.kind]
        value = token.text.removeprefix("@").removeprefix("T").removesuffix("T")
        if not {"Date": is_date, "DateTime": is_date_time, "Time": is_time}[kind](value):
            raise FhirPathError(
                "fhirpath-syntax", text=self.text, position=token.position, found=f"`{token.text}`, which doesn't exist"
            )
        return Literal(kind, value, position=token.position)


def _measured(root: Node) -> tuple[int, int]:
    """Return the tree's depth in levels, and the length of its longest chain of one operator."""
    deepest = longest = 0
    pending = [(root, 1, 1)]
    while pending:
        node, depth, chain = pending.pop()
        deepest, longest = max(deepest, depth), max(longest, chain)
        for child in children(node):
            chained = (
                isinstance(node, Binary)
                and isinstance(child, Binary)
                and child is node.left
                and child.operator == node.operator
            )
            pending.append((child, depth, chain + 1) if chained else (child, depth + 1, 1))
    return deepest, longest


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below ``node``, in the order of the text."""
    match node:
        case Member(input=source) if source is not None:
            return (source,)
        case Call(input=source, arguments=arguments):
            return arguments if source is None else (source, *arguments)
        case Indexer(input=source, index=index):
            return (source, index)
        case Unary(operand=operand) | TypeOperation(operand=operand) | SortKey(key=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
    return ()
