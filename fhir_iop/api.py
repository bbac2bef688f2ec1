"""The library in four calls: dicts in, dicts out, with the bundled definitions, mappings and settings.

Whoever wants other settings, profiles or mappings makes a Validator or Mappings of their own. Read JSON with
:func:`fhir_iop.decode`: decimals keep their digits there, and lose them in the standard library's floats.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.errors import Refused
from fhir_iop.flow import to_resources
from fhir_iop.issue import has_errors
from fhir_iop.mapping import Mappings
from fhir_iop.settings import Settings
from fhir_iop.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fhir_iop.issue import Issue


@cache
def _mappings() -> Mappings:
    return load_mappings(Settings.from_environment(), Definitions.bundled())


@cache
def _validator() -> Validator:
    return Validator(Definitions.bundled())


def load_mappings(settings: Settings, definitions: Definitions) -> Mappings:
    """Load the bundled mappings and the site's own. Raises Unusable where one can't be loaded."""
    return Mappings.load(mapping_folders(settings), definitions, id_key=settings.id_key, time_zone=settings.time_zone)


def mapping_folders(settings: Settings) -> list[Path]:
    """Return the folder of the bundled mappings and, where the settings name one, the site's own."""
    return [data.folder("mappings"), *([Path(settings.site_mappings)] if settings.site_mappings else [])]


def map_record(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the FHIR resources that say what a program's ``record`` says, with the labels of 42 CFR Part 2.

    The same record gives the same resources with the same ids. Raises Refused with one Issue a fault, each with a JSON
    pointer into the record, when it doesn't fit its schema.
    """
    mapped = to_resources(_mappings(), record)
    if has_errors(mapped.issues):
        raise Refused(*mapped.issues)
    return mapped.resources


def to_records(resources: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the program's records that ``resources`` came from; resources of anybody else are left out.

    Raises Refused where one of the program's own can't be told as a record: an element that changes its meaning.
    """
    unmapped = _mappings().to_records(resources)
    if has_errors(unmapped.issues):
        raise Refused(*unmapped.issues)
    return unmapped.records


def validate(resource: dict[str, Any], profiles: Sequence[str] = ()) -> list[Issue]:
    """Report what is wrong with ``resource`` by R4, by the profiles it claims and by the canonicals in ``profiles``.

    An empty list says that nothing is wrong. A profile that isn't at hand is a warning that names it.
    """
    return _validator().validate(resource, profiles)
