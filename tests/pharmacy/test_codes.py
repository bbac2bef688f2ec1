"""The codes that are written into resources are those that the guide defines."""

import pytest

from fhir_iop import data
from fhir_iop.fhir.json import decode_object
from fhir_iop.pharmacy.identity import EVENTS
from fhir_iop.pharmacy.task import BUSINESS_STATUS_SYSTEM, BUSINESS_STATUSES


def defined(url):
    for path in data.folder("profiles").joinpath("iop").rglob(f"CodeSystem-{url.rpartition('/')[2]}.json"):
        resource = decode_object(path.read_bytes())
        assert resource["url"] == url
        assert resource["count"] == len(resource["concept"])
        return {concept["code"] for concept in resource["concept"]}
    raise AssertionError(f"the guide has no {url}")


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        (BUSINESS_STATUS_SYSTEM, set(BUSINESS_STATUSES)),
        (EVENTS, {"new-rx", "new-rx-response", "cancel-rx", "cancel-rx-response"}),
    ],
)
def test_the_guide_defines_what_is_written(url, codes):
    assert defined(url) == codes
