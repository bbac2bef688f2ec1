"""The catalogue: all rooms' wordings by rule, each with the page that says so where one does.

Words say what was found, what was expected, and what to do where that isn't plain; ``{name}`` is filled from the facts
that the rule's caller gives. What a definition says is told with that definition's canonical, what the standard says
with its page. No wording carries a patient's data: values quoted are structural (element names, codes, canonicals,
formats), and free text is never repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fhir_iop.wording import (
    conformance,
    consent,
    definitions,
    ehr,
    fhir,
    fhirpath,
    instruments,
    mapping,
    pharmacy,
    reading,
    session,
    settings,
    store,
    validation,
    web,
)
from fhir_iop.wording.pages import PAGES, R4

if TYPE_CHECKING:
    from fhir_iop.wording.wording import Wording

_ROOMS: Final = (
    conformance,
    consent,
    definitions,
    ehr,
    fhir,
    fhirpath,
    instruments,
    mapping,
    pharmacy,
    reading,
    session,
    settings,
    store,
    validation,
    web,
)

CATALOGUE: dict[str, Wording] = {rule: wording for room in _ROOMS for rule, wording in room.WORDINGS.items()}
CATALOGUE |= {rule: CATALOGUE[rule]._replace(page=R4 + page) for page, rules in PAGES.items() for rule in rules}
