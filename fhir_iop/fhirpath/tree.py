"""The syntax tree of an expression: immutable, comparable, and with the place of each node in the text.

One class a form of the grammar (https://hl7.org/fhirpath/N1/grammar.html). Two trees are equal when they say the same;
positions don't count. ``input`` is None where a step starts from the implicit context (``name`` for ``$this.name``).

=================== ==================================================================================================
``2.0``, ``'a'``    :class:`Literal`, a date, dateTime or time with its text after ``@`` (and ``T``)
``{}``              :class:`Empty`
``10 'mg'``         :class:`QuantityLiteral`
``$this`` …         :class:`Special`
``%resource``       :class:`Variable`
``name``, ``a.b``   :class:`Member`
``f(x)``, ``a.f()`` :class:`Call`
``a[0]``            :class:`Indexer`
``-a``              :class:`Unary`
``a = b``           :class:`Binary`
``a is b.c``        :class:`TypeOperation`
``a desc``          :class:`SortKey`, only as an argument of ``sort``
=================== ==================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from typing import Literal as OneOf

if TYPE_CHECKING:
    from decimal import Decimal

LiteralType = OneOf["Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time"]

# Binary operators by precedence, the loosest first; all are left-associative (``is`` and ``as`` bind as level 8 does).
PRECEDENCE: tuple[tuple[str, ...], ...] = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "~", "!=", "!~"),
    ("<=", "<", ">", ">="),
    ("|",),
    ("is", "as"),
    ("+", "-", "&"),
    ("*", "/", "div", "mod"),
)
TYPE_LEVEL = 7
UNARY_LEVEL = len(PRECEDENCE)
TERM_LEVEL = UNARY_LEVEL + 1

CALENDAR_UNITS = ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
CALENDAR_WORDS = frozenset(CALENDAR_UNITS) | {f"{unit}s" for unit in CALENDAR_UNITS}


@dataclass(frozen=True, slots=True)
class Node:
    """What all forms share: the offset of the token that names it, for messages."""

    position: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant. Booleans, strings and numbers as Python's; dates and times as FHIR's text, without ``@``.

    A DateTime without a time part (``@2015T``) is told from a Date by ``type``; the trailing ``T`` isn't in the value.
    """

    type: LiteralType
    value: bool | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """The empty collection, ``{}``."""


@dataclass(frozen=True, slots=True)
class QuantityLiteral(Node):
    """A number with a UCUM code (``calendar`` False) or with a calendar word as written (``days``)."""

    value: Decimal
    unit: str
    calendar: bool


@dataclass(frozen=True, slots=True)
class Special(Node):
    """The implicit ``$this``, ``$index`` or ``$total``; ``name`` is without the sign."""

    name: OneOf["this", "index", "total"]


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """``%name``: an environment variable, or one that the caller or ``defineVariable`` gave."""

    name: str


@dataclass(frozen=True, slots=True)
class Member(Node):
    """A step to the children called ``name``; at the start of an expression perhaps a type's name."""

    input: Node | None
    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function; its arguments are expressions, evaluated as the function says."""

    input: Node | None
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Indexer(Node):
    """``input[index]``, counting from 0."""

    input: Node
    index: Node


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``+`` or ``-`` before an operand."""

    operator: OneOf["+", "-"]
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and an operator of :data:`PRECEDENCE` other than ``is`` and ``as``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class TypeOperation(Node):
    """``operand is type`` or ``operand as type``; ``type`` is the qualified name's parts (``("FHIR", "Patient")``)."""

    operator: OneOf["is", "as"]
    operand: Node
    type: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SortKey(Node):
    """``key asc`` or ``key desc`` as an argument of ``sort``."""

    key: Node
    descending: bool
