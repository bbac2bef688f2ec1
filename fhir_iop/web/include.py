"""_include: what the matches of a search refer to, in the same answer (https://hl7.org/fhir/R4/search.html#include)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.errors import BadInput, Gone, NotFound
from fhir_iop.fhir import reference
from fhir_iop.issue import issue
from fhir_iop.store.search.parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fhir_iop.definitions import Definitions
    from fhir_iop.fhirpath import Expression
    from fhir_iop.store import Store, Stored

INCLUDE = "_include"


class Inclusion(NamedTuple):
    """One ``_include``: where the references stand, and of which type they may be (None: of any)."""

    references: Expression
    target: str | None


def inclusions(type_: str, values: Iterable[str], definitions: Definitions) -> list[Inclusion]:
    """Read the values of ``_include``, each ``type:parameter`` or ``type:parameter:target``.

    Raises BadInput for another source type than ``type_``, and for what is no search parameter of kind reference.
    """
    found = []
    for value in values:
        source, _, rest = value.partition(":")
        code, _, target = rest.partition(":")
        known = parameters(definitions, type_).supported
        if source != type_ or code not in known or definitions.search_parameters(type_)[code].type != "reference":
            raise BadInput(issue("search-include", INCLUDE, type=type_))
        found.append(Inclusion(known[code].expression, target or None))
    return found


def included(asked: Sequence[Inclusion], matches: Sequence[Stored], store: Store, base_url: str) -> list[Stored]:
    """Return the current versions that ``matches`` refer to and that are stored here, each once and no match again."""
    seen = {stored.reference for stored in matches}
    found: list[Stored] = []
    for stored in matches:
        for target in _targets(asked, stored.resource or {}, base_url):
            if target.local not in seen:
                seen.add(target.local)
                try:
                    found.append(store.read(target.type, target.id))
                except (NotFound, Gone):
                    continue  # what isn't here can't be included
    return found


def _targets(
    asked: Sequence[Inclusion], resource: dict[str, Any], base_url: str
) -> Iterator[reference.LiteralReference]:
    for inclusion in asked:
        for value in inclusion.references(resource):
            text = value.get("reference") if isinstance(value, dict) else None
            parsed = reference.parse(text) if isinstance(text, str) else None
            if parsed and parsed.base in {None, base_url} and inclusion.target in {None, parsed.type}:
                yield parsed
