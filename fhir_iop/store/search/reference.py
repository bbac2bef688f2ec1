"""reference: links to other resources (https://hl7.org/fhir/R4/search.html#reference).

``Type/id``, a bare ``id``, a whole URL; ``subject:Patient=id`` says the type; ``:identifier`` asks for the identifier
that a reference carries, as a token. What lies under the site's own address is the same as a relative reference. Links
to one version are found as links to the resource; a canonical with and without its version.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from fhir_iop.fhir import reference as fhir_reference
from fhir_iop.store.schema import reference_index, token_index
from fhir_iop.store.search import token
from fhir_iop.store.search.kind import Malformed, Match, Row
from fhir_iop.store.search.text import clip, unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site

table = reference_index
modifiers = frozenset({"identifier"})
sorts_by = (table.c.target, table.c.target)

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def rows(parameter: str, value: TypedValue, _site: Site) -> Iterator[Row]:
    """Make a row for a reference or canonical, and the rows of a reference's identifier."""
    if isinstance(value.value, str):
        url, version = fhir_reference.canonical(value.value)
        yield Row(table, parameter, {"target": clip(url), "version": clip(version or "")})
    elif value.type == "Reference":
        yield Row(table, parameter, {"target": clip(_target(value.value.get("reference", ""))), "version": ""})
        identifier = value.value.get("identifier")
        if identifier:
            yield from token.identifier_rows(f"{parameter}:identifier", identifier)
    elif isinstance(value.value, dict) and "id" in value.value:  # a Bundle's composition or message is inside it
        target = f"{value.value.get('resourceType')}/{value.value['id']}"
        yield Row(table, parameter, {"target": clip(target), "version": ""})


def match(parameter: Parameter, modifier: str | None, value: str, site: Site) -> Match:
    """Test for a reference; ``modifier`` may also be one of the parameter's target types."""
    if modifier == "identifier":
        return Match(token_index, f"{parameter.name}:identifier", token.test(value))
    asked = unescape(value)
    types = (modifier,) if modifier else parameter.targets
    if _ID.fullmatch(asked):
        return Match(table, parameter.name, _one_of([f"{type_}/{asked}" for type_ in types], site))
    local = asked.removeprefix(f"{site.base_url}/") if site.base_url else asked
    literal = fhir_reference.parse(local)
    if modifier and (literal is None or literal.type != modifier):
        raise Malformed(f"an id, or a reference to {modifier}")
    if literal is not None and literal.base is None:
        return Match(table, parameter.name, _one_of([literal.local], site))
    url, version = fhir_reference.canonical(asked)
    if ":" not in url:
        raise Malformed("Type/id, an id or a URL")
    test: sa.ColumnElement[bool] = table.c.target == clip(_target(url))
    if version:
        test = sa.and_(test, table.c.version == clip(version))
    return Match(table, parameter.name, test)


def _one_of(targets: list[str], site: Site) -> sa.ColumnElement[bool]:
    """Test for relative references, and for the same spelt with the site's own address."""
    absolute = [f"{site.base_url}/{target}" for target in targets] if site.base_url else []
    return table.c.target.in_([clip(target) for target in (*targets, *absolute)])


def _target(reference: str) -> str:
    """Return a reference without the version it may name."""
    return reference.partition("/_history/")[0]
