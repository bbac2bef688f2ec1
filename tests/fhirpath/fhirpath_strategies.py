"""Syntax trees of every form, for property tests."""

from hypothesis import strategies as st

from fhir_iop.fhirpath.tree import (
    CALENDAR_WORDS,
    PRECEDENCE,
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

OPERATORS = [operator for level in PRECEDENCE for operator in level if operator not in ("is", "as")]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.one_of(
    st.sampled_from(["name", "given", "as", "is", "in", "contains", "div", "and", "true", "day", "asc", "_x"]),
    TEXT.filter(bool),
)
DECIMALS = st.decimals(min_value=0, max_value=10**9, places=3)

LITERALS = st.one_of(
    st.builds(Literal, st.just("Boolean"), st.booleans()),
    st.builds(Literal, st.just("String"), TEXT),
    st.builds(Literal, st.just("Integer"), st.integers(0, 2**31 - 1)),
    st.builds(Literal, st.just("Decimal"), DECIMALS),
    st.builds(Literal, st.just("Date"), st.sampled_from(["2012", "2012-04", "2012-04-15"])),
    st.builds(
        Literal,
        st.just("DateTime"),
        st.sampled_from(["2012", "2012-04", "2012-04-15", "2012-04-15T10", "2012-04-15T10:30:00.125+02:00"]),
    ),
    st.builds(Literal, st.just("Time"), st.sampled_from(["10", "10:30", "10:30:59.5"])),
    st.builds(QuantityLiteral, DECIMALS, TEXT, st.just(False)),
    st.builds(QuantityLiteral, DECIMALS, st.sampled_from(sorted(CALENDAR_WORDS)), st.just(True)),
    st.builds(Empty),
    st.builds(Special, st.sampled_from(["this", "index", "total"])),
    st.builds(Variable, NAMES),
    st.builds(Member, st.none(), NAMES),
)


def _forms(inner):
    return st.one_of(
        st.builds(Member, inner, NAMES),
        st.builds(
            Call,
            st.one_of(st.none(), inner),
            NAMES.filter(lambda n: n != "sort"),
            st.lists(inner, max_size=3).map(tuple),
        ),
        st.builds(
            Call,
            inner,
            st.just("sort"),
            st.lists(st.one_of(inner, st.builds(SortKey, inner, st.booleans())), max_size=2).map(tuple),
        ),
        st.builds(Indexer, inner, inner),
        st.builds(Unary, st.sampled_from("+-"), inner),
        st.builds(Binary, st.sampled_from(OPERATORS), inner, inner),
        st.builds(
            TypeOperation, st.sampled_from(["is", "as"]), inner, st.lists(NAMES, min_size=1, max_size=2).map(tuple)
        ),
    )


TREES = st.recursive(LITERALS, _forms, max_leaves=25)
