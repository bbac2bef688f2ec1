"""batch: requests that stand alone, sent in one Bundle (https://hl7.org/fhir/R4/http.html#transaction)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.web.calls import call_of, carried_out, refused
from fhir_iop.web.entries import entry_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.web.calls import Router
    from fhir_iop.web.exchange import Ask
    from fhir_iop.web.services import Services


def batch(services: Services, ask: Ask, values: Sequence[Any], route: Router) -> list[dict[str, Any]]:
    """Carry out the entries ``values`` in their order and return those of the response; one's failure is its own."""
    answered = []
    for index, value in enumerate(values):
        try:
            call = call_of(entry_of(index, value, services.settings.base_url), ask, route)
            answered.append(carried_out(services, call))
        except Exception as error:  # noqa: BLE001 - the others go on; refused() logs what nobody expected
            answered.append(refused(services, error))
    return answered
