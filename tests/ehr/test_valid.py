"""What is taken over is valid FHIR once it is labelled: no error against R4, US Core and the guide."""

from fhir_iop import consent
from fhir_iop.definitions import Definitions
from fhir_iop.ehr import as_reported_medication
from fhir_iop.fhir.json import decode_object, encode
from fhir_iop.validation import Validator
from tests.ehr.story import AT, BASE, KEY, REQUEST


def test_reports_and_their_provenance_are_valid():
    validator = Validator(Definitions.bundled(), unknown_profile="error")
    contained = {name: value for name, value in REQUEST.items() if name != "medicationCodeableConcept"}
    contained["medicationReference"] = {"reference": "Medication/m"}
    medication = {"code": {"text": "mixture"}, "ingredient": [{"itemCodeableConcept": {"text": "a"}}]}
    for request in (REQUEST, contained, REQUEST | {"status": "cancelled"}):
        found = as_reported_medication(
            request, base=BASE, subject="Patient/roe", at=AT, id_key=KEY, medication=medication
        )
        for resource in consent.label(found.resources):
            assert [one for one in validator.validate(decode_object(encode(resource))) if one.is_error] == []
