"""Criteria as SQL conditions on the table of resources."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue
from fhir_iop.store.schema import resource
from fhir_iop.store.search import date, reference
from fhir_iop.store.search.kind import Malformed
from fhir_iop.store.search.parameters import OWN_COLUMNS
from fhir_iop.store.search.text import unescape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fhir_iop.issue import Issue
    from fhir_iop.store.contract import Criterion
    from fhir_iop.store.search.parameters import Parameter, Parameters
    from fhir_iop.store.search.site import Site

MOST_VALUES = 500
"""Values that one query may ask for; SQLite parses no deeper than 1,000 terms."""

_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9.\-]{0,63}", re.ASCII)

# Which index usually leaves fewest resources over: a patient has few, a status many.
_BY_SELECTIVITY = ("reference_index", "string_index", "uri_index", "token_index")


class _Wanted(NamedTuple):
    """The index rows that a resource must have, or with ``absent`` must not have."""

    table: sa.Table
    test: sa.ColumnElement[bool]
    absent: bool


def conditions(criteria: Sequence[Criterion], known: Parameters, site: Site) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that a resource of the type whose parameters are ``known`` must all meet.

    Raises BadInput with an Issue for every parameter, modifier or value that can't be taken.
    """
    if sum(len(criterion.values) for criterion in criteria) > MOST_VALUES:
        raise BadInput(issue("search-too-many", limit=MOST_VALUES))
    own: list[sa.ColumnElement[bool]] = []
    wanted: list[_Wanted] = []
    issues: list[Issue] = []
    for criterion in criteria:
        try:
            if criterion.code in OWN_COLUMNS:
                own.append(_own_column(criterion, site))
            else:
                wanted.append(_wanted(criterion, known_parameter(criterion.code, known), site))
        except BadInput as error:
            issues += error.issues
        except Malformed as error:
            name = criterion.code if criterion.modifier is None else f"{criterion.code}:{criterion.modifier}"
            issues.append(issue("search-value", f"http.{criterion.code}", parameter=name, expected=error.expected))
    if issues:
        raise BadInput(*issues)
    return own + _joined(wanted)


def known_parameter(code: str, known: Parameters) -> Parameter:
    """Return the parameter called ``code``. Raises BadInput that says why there is none, and what may be meant."""
    if code in known.supported:
        return known.supported[code]
    name = shown(code)
    if code in known.unsupported:
        raise BadInput(issue("search-unsupported", f"http.{name}", parameter=name))
    if "." in code or code == "_has":
        raise BadInput(issue("search-chained", f"http.{name}", parameter=name))
    near = difflib.get_close_matches(code, [*known.supported, *OWN_COLUMNS], 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise BadInput(issue("search-unknown", f"http.{name}", parameter=name, hint=hint))


def shown(code: str) -> str:
    """Return a parameter's name as a message may repeat it: anything that isn't a name may be somebody's data."""
    return code if _NAME.fullmatch(code) else "a parameter"


def _own_column(criterion: Criterion, site: Site) -> sa.ColumnElement[bool]:
    if criterion.modifier is not None:
        raise _no_modifier(criterion, ())
    if criterion.code == "_id":
        return resource.c.id.in_([unescape(value) for value in criterion.values])
    stamp = resource.c.last_updated
    return sa.or_(*(date.test(value, stamp, stamp, site) for value in criterion.values))


def _wanted(criterion: Criterion, parameter: Parameter, site: Site) -> _Wanted:
    kind, modifier = parameter.kind, criterion.modifier
    if modifier == "missing":
        if criterion.values not in {("true",), ("false",)}:
            raise Malformed("true or false")
        named = kind.table.c.parameter == parameter.name
        return _Wanted(kind.table, named, absent=criterion.values == ("true",))
    types = parameter.targets if kind.table is reference.table else ()
    if modifier is not None and modifier not in kind.modifiers and modifier not in types:
        raise _no_modifier(criterion, {"missing", *kind.modifiers})
    absent = modifier == "not"
    matches = [kind.match(parameter, None if absent else modifier, value, site) for value in criterion.values]
    table, name, _ = matches[0]
    return _Wanted(table, sa.and_(table.c.parameter == name, sa.or_(*(match.test for match in matches))), absent)


def _joined(wanted: list[_Wanted]) -> list[sa.ColumnElement[bool]]:
    """Let the most selective index find resources, and the others be asked about each that it found."""
    found: list[sa.ColumnElement[bool]] = []
    for table, test, absent in sorted(wanted, key=_rank):
        if not (found or absent):
            found.append(resource.c.key.in_(sa.select(table.c.resource).where(test)))
        else:
            exists = sa.exists().where(table.c.resource == resource.c.key, test)
            found.append(~exists if absent else exists)
    return found


def _rank(wanted: _Wanted) -> tuple[bool, int]:
    name = wanted.table.name
    rank = _BY_SELECTIVITY.index(name) if name in _BY_SELECTIVITY else len(_BY_SELECTIVITY)
    return wanted.absent, rank


def _no_modifier(criterion: Criterion, allowed: Iterable[str]) -> BadInput:
    modifiers = ", ".join(sorted(allowed)) or "none"
    return BadInput(issue("search-modifier", f"http.{criterion.code}", parameter=criterion.code, modifiers=modifiers))
