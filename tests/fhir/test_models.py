"""The typed view."""

from decimal import Decimal

import pytest

from fhir_iop.errors import BadInput
from fhir_iop.fhir.models import view

ORDER = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/invented"},
    "medicationCodeableConcept": {"text": "an invented medicine"},
    "dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": Decimal("1.10"), "unit": "mg"}}]}],
}


def test_a_view_has_attributes_and_leaves_the_dict_alone() -> None:
    before = repr(ORDER)
    viewed = view(ORDER)
    assert viewed.dosageInstruction[0].doseAndRate[0].doseQuantity.value == Decimal("1.10")
    assert repr(ORDER) == before


def test_what_a_class_cannot_take_is_named_without_its_value() -> None:
    with pytest.raises(BadInput) as caught:
        view(ORDER | {"subject": {"reference": 17}, "note": "Ana Example told us"})
    told = " ".join(found.details for found in caught.value.issues)
    assert "MedicationRequest.subject.reference" in told
    assert "Ana" not in told


@pytest.mark.parametrize("resource", [{}, {"resourceType": "Nope"}, {"resourceType": 3}, {"resourceType": None}])
def test_no_class_no_view(resource: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        view(resource)
