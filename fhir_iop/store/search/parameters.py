"""Which search parameters a resource type has, and which of them can be searched here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from fhir_iop import fhirpath
from fhir_iop.store.search import date, number, quantity, reference, string, token, uri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import SearchParameter
    from fhir_iop.fhirpath import Expression
    from fhir_iop.store.search.kind import Kind

KINDS: Mapping[str, Kind] = {
    "date": date,
    "number": number,
    "quantity": quantity,
    "reference": reference,
    "string": string,
    "token": token,
    "uri": uri,
}
"""The kinds that are indexed. Composite and special parameters aren't."""

OWN_COLUMNS = frozenset({"_id", "_lastUpdated"})
"""Parameters that every resource's own row answers, without an index."""

LAYOUT = "1"
"""Raise it when the same definitions give other index rows than before: stores then make theirs anew."""


# US Core 6.1.0 ends an expression with an element's name in JSON (valueDateTime), where FHIRPath has value.
_JSON_NAME = re.compile(r"\.value[A-Z]\w*$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of one type. ``name`` (``Type.code``) is what its rows stand under; ``targets`` are types."""

    code: str
    name: str
    kind: Kind
    expression: Expression
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of ``type`` by code; ``unsupported`` are those that are known and can't be searched by here.

    ``fingerprint`` changes when the rows do that the same resource has in the index.
    """

    type: str
    supported: Mapping[str, Parameter]
    unsupported: frozenset[str]
    fingerprint: str


@lru_cache(maxsize=1024)
def parameters(definitions: Definitions, type_: str) -> Parameters:
    """Return the search parameters of ``type_`` that ``definitions`` know, those of Resource among them."""
    supported: dict[str, Parameter] = {}
    unsupported: set[str] = set()
    known = definitions.search_parameters(type_)
    for code, definition in known.items():
        made = None if code in OWN_COLUMNS else _parameter(definition, type_, definitions)
        if made is not None:
            supported[code] = made
        elif code not in OWN_COLUMNS:
            unsupported.add(code)
    facts = [LAYOUT, sorted((code, known[code].type, known[code].expression) for code in supported)]
    fingerprint = sha256(json.dumps(facts).encode()).hexdigest()
    return Parameters(type_, MappingProxyType(supported), frozenset(unsupported), fingerprint)


def _parameter(definition: SearchParameter, type_: str, definitions: Definitions) -> Parameter | None:
    """Return the parameter, None where its kind isn't indexed or its expression isn't FHIRPath about this type."""
    kind = KINDS.get(definition.type)
    if kind is None or not definition.expression:
        return None
    for text in (definition.expression, _JSON_NAME.sub(".value", definition.expression)):
        try:
            expression = fhirpath.compile(text, type_, definitions, is_kept=True)
        except fhirpath.FhirPathError:
            continue
        return Parameter(definition.code, f"{type_}.{definition.code}", kind, expression, definition.target)
    return None
