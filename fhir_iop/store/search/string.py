"""string: text, names and addresses (https://hl7.org/fhir/R4/search.html#string).

A value matches what begins with it, whatever case and accents; ``:contains`` what holds it anywhere; ``:exact`` what is
the same to the letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from fhir_iop.store.schema import string_index
from fhir_iop.store.search.kind import Malformed, Match, Row
from fhir_iop.store.search.text import begins_with, clip, fold, unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site

table = string_index
modifiers = frozenset({"exact", "contains"})
sorts_by = (table.c.value, table.c.value)

# The parts of a datatype that hold text a person searches for; other parts (use, period) aren't text.
_PARTS = {
    "HumanName": ("text", "family", "given", "prefix", "suffix"),
    "Address": ("text", "line", "city", "district", "state", "postalCode", "country"),
}


def rows(parameter: str, value: TypedValue, _site: Site) -> Iterator[Row]:
    """Make a row a text: of a name or an address one for each part."""
    if isinstance(value.value, str):
        yield _row(parameter, value.value)
    elif isinstance(value.value, dict):
        for part in _PARTS.get(value.type, ()):
            held = value.value.get(part, ())
            for text in [held] if isinstance(held, str) else held:
                if text is not None:  # a repeating primitive has null where only an extension stands
                    yield _row(parameter, text)


def match(parameter: Parameter, modifier: str | None, value: str, _site: Site) -> Match:
    """Test for a text."""
    asked = unescape(value)
    folded = fold(asked)
    if not folded:
        raise Malformed("a text")
    if modifier == "exact":
        test = sa.and_(table.c.value == folded, table.c.exact == clip(asked))
    elif modifier == "contains":
        test = table.c.value.contains(folded, autoescape=True)
    else:
        test = begins_with(table.c.value, folded)
    return Match(table, parameter.name, test)


def _row(parameter: str, text: str) -> Row:
    return Row(table, parameter, {"value": fold(text), "exact": clip(text)})
