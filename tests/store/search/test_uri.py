"""uri: addresses and canonicals, as ``_profile`` and ``url`` ask for them."""

import pytest

from fhir_iop.store import Store
from tests.store.examples import order, put
from tests.store.search.conftest import Found

PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest"


@pytest.fixture(autouse=True)
def orders(store: Store) -> None:
    put(
        store,
        order("plain", meta={"profile": [PROFILE]}),
        order("versioned", meta={"profile": ["http://example.org/other", f"{PROFILE}|6.1.0"]}),
        order("none"),
    )


PROFILES: dict[str, list[str]] = {
    f"_profile={PROFILE}": ["plain", "versioned"],
    f"_profile={PROFILE}|6.1.0": ["versioned"],
    f"_profile={PROFILE}|7.0.0": [],
    f"_profile={PROFILE.upper()}": [],
    f"_profile={PROFILE[:-1]}": [],
    "_profile:below=http://hl7.org/fhir/us/core": ["plain", "versioned"],
    "_profile:below=http://hl7.org/fhir/us/cor": [],
    f"_profile:above={PROFILE}/_history/2": ["plain", "versioned"],
    "_profile:missing=true": ["none"],
    f"_profile={PROFILE}&_profile=http://example.org/other": ["versioned"],
}


def test_profiles(found: Found) -> None:
    assert {query: found(f"MedicationRequest?{query}") for query in PROFILES} == PROFILES
