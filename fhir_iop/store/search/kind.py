"""What every kind of search parameter does: it makes index rows of a value, and a test for those rows of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site


class Row(NamedTuple):
    """One row for ``table``; ``parameter`` is the name it is found under, ``columns`` the rest without the resource."""

    table: sa.Table
    parameter: str
    columns: dict[str, Any]


class Match(NamedTuple):
    """A test for the rows of ``table`` that stand under the name ``parameter``."""

    table: sa.Table
    parameter: str
    test: sa.ColumnElement[bool]


class Malformed(Exception):
    """A search value that isn't of its kind; ``expected`` says what is."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class Kind(Protocol):
    """One kind of search parameter (https://hl7.org/fhir/R4/search.html#ptypes); each has a module of this form."""

    @property
    def table(self) -> sa.Table:
        """Where a parameter's rows lie: a resource with a row there under the parameter's name isn't ``:missing``."""

    @property
    def modifiers(self) -> frozenset[str]:
        """The modifiers it takes, beside ``missing``, which every kind takes."""

    @property
    def sorts_by(self) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
        """The columns whose least value counts in ascending order, and whose greatest in descending."""

    def rows(self, parameter: str, value: TypedValue, site: Site, /) -> Iterator[Row]:
        """Make the index rows of one value that the parameter's expression found; a value that is there has a row."""

    def match(self, parameter: Parameter, modifier: str | None, value: str, site: Site, /) -> Match:
        """Make the test for one search value, with its escapes still in. Raises Malformed."""
