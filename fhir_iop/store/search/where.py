"""Criteria as conditions: on a resource's own row, and on the index rows that it must have or must not have."""

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

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9.\-]{0,63}", re.ASCII)


class Wanted(NamedTuple):
    """Index rows, one of which a resource must have; with ``absent``, none of which it may have."""

    table: sa.Table
    test: sa.ColumnElement[bool]
    absent: bool

    def listed(self) -> sa.ColumnElement[bool]:
        """Return the condition in the form for an index that finds few resources."""
        return resource.c.key.in_(sa.select(self.table.c.resource).where(self.test))

    def asked_of_each(self) -> sa.ColumnElement[bool]:
        """Return the condition in the form for resources that something else finds."""
        exists = sa.exists().where(self.table.c.resource == resource.c.key, self.test)
        return ~exists if self.absent else exists


class Conditions(NamedTuple):
    """What a resource must meet, all of it: ``own`` conditions on its row, and index rows ``wanted``."""

    own: list[sa.ColumnElement[bool]]
    wanted: list[Wanted]


def conditions(criteria: Sequence[Criterion], known: Parameters, site: Site) -> Conditions:
    """Return what resources of the type whose parameters are ``known`` must meet.

    Raises BadInput with an Issue for every parameter, modifier or value that can't be taken.
    """
    if sum(len(criterion.values) for criterion in criteria) > MOST_VALUES:
        raise BadInput(issue("search-too-many", limit=MOST_VALUES))
    found = Conditions([], [])
    issues: list[Issue] = []
    for criterion in criteria:
        try:
            if criterion.code in OWN_COLUMNS:
                found.own.append(_own_column(criterion, known.type, site))
            else:
                found.wanted.append(_wanted(criterion, known_parameter(criterion.code, known), site))
        except BadInput as error:
            issues += error.issues
        except Malformed as error:
            name = criterion.code if criterion.modifier is None else f"{criterion.code}:{criterion.modifier}"
            issues.append(issue("search-value", f"http.{criterion.code}", parameter=name, expected=error.expected))
    if issues:
        raise BadInput(*issues)
    return found


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


def _own_column(criterion: Criterion, type_: str, site: Site) -> sa.ColumnElement[bool]:
    if criterion.modifier is not None:
        raise _no_modifier(criterion, ())
    if criterion.code == "_id":
        ids = [unescape(value) for value in criterion.values]
        if not all(map(_ID.fullmatch, ids)):
            raise Malformed("an id: up to 64 letters, digits, - and .")
        named = resource.alias()  # a list of keys, or SQLite would rather go through all resources in their order
        return resource.c.key.in_(sa.select(named.c.key).where(named.c.type == type_, named.c.id.in_(ids)))
    stamp = resource.c.last_updated
    return sa.or_(*(date.test(value, stamp, stamp, site) for value in criterion.values))


def _wanted(criterion: Criterion, parameter: Parameter, site: Site) -> Wanted:
    kind, modifier = parameter.kind, criterion.modifier
    if modifier == "missing":
        if criterion.values not in {("true",), ("false",)}:
            raise Malformed("true or false")
        named = kind.table.c.parameter == parameter.name
        return Wanted(kind.table, named, absent=criterion.values == ("true",))
    types = parameter.targets if kind.table is reference.table else ()
    if modifier is not None and modifier not in kind.modifiers and modifier not in types:
        raise _no_modifier(criterion, {"missing", *kind.modifiers})
    absent = modifier == "not"
    matches = [kind.match(parameter, None if absent else modifier, value, site) for value in criterion.values]
    table, name, _ = matches[0]
    return Wanted(table, sa.and_(table.c.parameter == name, sa.or_(*(match.test for match in matches))), absent)


def _no_modifier(criterion: Criterion, allowed: Iterable[str]) -> BadInput:
    modifiers = ", ".join(sorted(allowed)) or "none"
    return BadInput(issue("search-modifier", f"http.{criterion.code}", parameter=criterion.code, modifiers=modifiers))
