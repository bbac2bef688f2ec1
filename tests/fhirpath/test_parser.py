"""Text to tree and back, and what is refused with its place."""

from decimal import Decimal

import pytest
from hypothesis import given

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.parser import DEEPEST, LONGEST_CHAIN, parse
from fhir_iop.fhirpath.printer import print_tree
from fhir_iop.fhirpath.tree import (
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
from tests.fhirpath.fhirpath_strategies import TREES

A, B, C = (Member(None, name) for name in "abc")


@given(TREES)
def test_what_is_printed_reads_the_same(tree) -> None:
    assert parse(print_tree(tree)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a.b", Member(A, "b")),
        ("a.`b c`", Member(A, "b c")),
        ("f(a, b)", Call(None, "f", (A, B))),
        ("a[0].b", Member(Indexer(A, Literal("Integer", 0)), "b")),
        ("-a.b", Unary("-", Member(A, "b"))),
        ("a or b and c", Binary("or", A, Binary("and", B, C))),
        ("a = b | c", Binary("=", A, Binary("|", B, C))),
        ("a > b is C", Binary(">", A, TypeOperation("is", B, ("C",)))),
        ("a is b.c", TypeOperation("is", A, ("b", "c"))),
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a - (b - c)", Binary("-", A, Binary("-", B, C))),
        ("a and b in c", Binary("and", A, Binary("in", B, C))),
        ("a // rest\n/* and */ + b", Binary("+", A, B)),
        ("{}", Empty()),
        ("$this.a", Member(Special("this"), "a")),
        ("%a", Variable("a")),
        ("%`a-b`", Variable("a-b")),
        ("%'a-b'", Variable("a-b")),
        (r"'\u0041\'\n'", Literal("String", "A'\n")),
        (r"'\ud83d\ude00'", Literal("String", "\U0001f600")),
        ("1.50", Literal("Decimal", Decimal("1.50"))),
        ("@2012-04", Literal("Date", "2012-04")),
        ("@2012T", Literal("DateTime", "2012")),
        ("@2012-04-15T10:30:00.5Z", Literal("DateTime", "2012-04-15T10:30:00.5Z")),
        ("@T10:30", Literal("Time", "10:30")),
        ("4 days", QuantityLiteral(Decimal(4), "days", True)),
        ("4.5 'mg'", QuantityLiteral(Decimal("4.5"), "mg", False)),
        ("a.sort(b desc, -c)", Call(A, "sort", (SortKey(B, True), Unary("-", C)))),
        ("contains.as(as)", Call(Member(None, "contains"), "as", (Member(None, "as"),))),
    ],
)
def test_each_form(text: str, tree) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("a.", 3),
        ("a +", 4),
        ("2 + 2 /* not finished", 7),
        ("a b", 3),
        ("(a", 3),
        ("a[0", 4),
        ("f(a,)", 5),
        ("'open", 1),
        (r"'a\q'", 3),
        (r"'\ud83d'", 2),
        ("@2012-13", 1),
        ("@T10:30Z", 8),
        ("a.and", 3),
        ("true.1", 6),
        ("€", 1),
        ("2147483648", 1),
        ("@2023-02-30", 1),
        ("a.$this", 3),
    ],
)
def test_what_does_not_belong_is_refused_at_its_place(text: str, column: int) -> None:
    with pytest.raises(FhirPathError) as caught:
        parse(text)
    assert caught.value.rule == "fhirpath-syntax"
    assert (caught.value.line, caught.value.column) == (1, column)


def test_the_line_is_counted() -> None:
    with pytest.raises(FhirPathError) as caught:
        parse("a and\n  b ++ )")
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert "line 2, column 8" in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "(" * (DEEPEST + 1) + "a",
        "-" * (DEEPEST + 1) + "a",
        "a" + ".b" * (DEEPEST + 1),
        "f(" * 5000,
        "a" + "[0]" * (DEEPEST + 1),
        "a|" * LONGEST_CHAIN + "a|a",
        "a" * 100_001,
    ],
    ids=["brackets", "signs", "steps", "calls", "indexers", "chain", "length"],
)
def test_size_and_depth_are_bounded(text: str) -> None:
    with pytest.raises(FhirPathError) as caught:
        parse(text)
    assert caught.value.rule == "fhirpath-limit"


def test_a_long_list_of_codes_is_one_level() -> None:
    parse("a in (" + " | ".join(f"'{n}'" for n in range(LONGEST_CHAIN)) + ")")
