"""The names of code systems and identifier systems that more than one room speaks of."""

from __future__ import annotations

from typing import Final

GUIDE: Final = "https://example.org/fhir/iop"
"""The canonical base of our own guide."""

RULES: Final = f"{GUIDE}/CodeSystem/rule"
"""What findings are called by: the rules of the catalogue of words, and the keys of invariants."""

RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED: Final = "http://snomed.info/sct"
ICD10CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
MEDICATION_REQUEST_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"

URI: Final = "urn:ietf:rfc:3986"
"""The system of an identifier whose value is itself a URI."""
NPI: Final = "http://hl7.org/fhir/sid/us-npi"
DEA_NUMBER: Final = "http://terminology.hl7.org/NamingSystem/USDEANumber"
NCPDP_ID: Final = "http://terminology.hl7.org/CodeSystem/NCPDPProviderIdentificationNumber"
SSN: Final = "http://hl7.org/fhir/sid/us-ssn"


def extension(name: str) -> str:
    """Return the URL of our own extension called ``name``."""
    return f"{GUIDE}/StructureDefinition/{name}"


def profile(name: str) -> str:
    """Return the canonical of our own profile called ``name``."""
    return f"{GUIDE}/StructureDefinition/{name}"


def code_system(name: str) -> str:
    """Return the URL of our own code system called ``name``."""
    return f"{GUIDE}/CodeSystem/{name}"
