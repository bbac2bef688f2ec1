"""A syntax tree as text again, with the fewest brackets that keep its meaning: parse(print_tree(tree)) == tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fhir_iop.fhirpath.tree import (
    PRECEDENCE,
    TERM_LEVEL,
    TYPE_LEVEL,
    UNARY_LEVEL,
    Binary,
    Call,
    Empty,
    Indexer,
    Literal,
    Member,
    QuantityLiteral,
    SortKey,
    Special,
    TypeOperation,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fhir_iop.fhirpath.tree import Node

_LEVEL = {operator: level for level, operators in enumerate(PRECEDENCE) for operator in operators}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Words that the grammar uses; as names they are always written in backticks, which is never wrong.
_WORDS = frozenset(_LEVEL) | {"true", "false"}
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def print_tree(node: Node) -> str:
    """Return the expression that ``node`` stands for, in one line."""
    return _printed(node, 0)


def _printed(node: Node, level: int) -> str:
    """Print ``node`` where an operand of at least ``level`` is expected."""
    own, text = _form(node)
    return f"({text})" if own < level else text


def _form(node: Node) -> tuple[int, str]:
    match node:
        case Literal():
            return TERM_LEVEL, _literal(node)
        case Empty():
            return TERM_LEVEL, "{}"
        case QuantityLiteral(value=value, unit=unit, calendar=calendar):
            return TERM_LEVEL, f"{value:f} {unit if calendar else _quoted(unit, chr(39))}"
        case Special(name=name):
            return TERM_LEVEL, f"${name}"
        case Variable(name=name):
            return TERM_LEVEL, f"%{_name(name)}"
        case Member(input=source, name=name):
            return TERM_LEVEL, _step(source) + _name(name)
        case Call(input=source, name=name, arguments=arguments):
            return TERM_LEVEL, f"{_step(source)}{_name(name)}({_list(arguments)})"
        case Indexer(input=source, index=index):
            return TERM_LEVEL, f"{_printed(source, TERM_LEVEL)}[{print_tree(index)}]"
        case Unary(operator=sign, operand=operand):
            return UNARY_LEVEL, sign + _printed(operand, UNARY_LEVEL)
        case TypeOperation(operator=operator, operand=operand, type=parts):
            return TYPE_LEVEL, f"{_printed(operand, TYPE_LEVEL)} {operator} {'.'.join(map(_name, parts))}"
        case Binary(operator=operator, left=left, right=right):
            own = _LEVEL[operator]
            return own, f"{_printed(left, own)} {operator} {_printed(right, own + 1)}"
        case SortKey(key=key, descending=descending):
            return 0, f"{print_tree(key)} {'desc' if descending else 'asc'}"
    raise TypeError(f"no form of the grammar: {type(node).__name__}")


def _step(source: Node | None) -> str:
    return "" if source is None else f"{_printed(source, TERM_LEVEL)}."


def _list(nodes: Iterable[Node]) -> str:
    return ", ".join(map(print_tree, nodes))


def _literal(node: Literal) -> str:
    match node.type:
        case "Boolean":
            return "true" if node.value else "false"
        case "String":
            return _quoted(str(node.value), "'")
        case "Date":
            return f"@{node.value}"
        case "DateTime":
            return f"@{node.value}" if "T" in str(node.value) else f"@{node.value}T"
        case "Time":
            return f"@T{node.value}"
        case "Integer":
            return str(node.value)
    return f"{node.value:f}"


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name not in _WORDS else _quoted(name, "`")


def _quoted(text: str, quote: str) -> str:
    escapes = _ESCAPES | {quote: "\\" + quote}
    return quote + "".join(escapes.get(character, character) for character in text) + quote
