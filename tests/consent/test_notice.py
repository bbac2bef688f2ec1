from datetime import date

import pytest

from fhir_iop.consent import notice_on
from fhir_iop.errors import Unusable

TODAY = date(2026, 3, 2)
OWN = """
[[notice]]
version = "site"
from = 2026-01-01
sources = []
[[notice.part]]
text = "Confirmed."
verified = true
"""


def test_the_notice_of_the_day_tells_which_of_it_is_verified():
    notice = notice_on(TODAY)
    assert notice.version == "2024"
    assert notice.text.startswith("This record which has been disclosed to you is protected")
    assert set(notice.unverified) < set(notice.paragraphs)
    assert notice.paragraphs[0] not in notice.unverified


def test_an_older_disclosure_carried_the_older_notice():
    assert notice_on(date(2020, 1, 1)).version == "2018"
    with pytest.raises(Unusable, match="in force"):
        notice_on(date(2000, 1, 1))


def test_a_deployment_brings_its_own():
    assert notice_on(TODAY, OWN).text == "Confirmed."
    assert notice_on(TODAY, OWN).unverified == ()


@pytest.mark.parametrize(
    "text",
    [
        "[[notice",
        "x = 1",
        OWN.replace("from", "since"),
        OWN.replace("2026-01-01", '"soon"'),
        "notice = [1]",
        "notice = 1",
    ],
)
def test_what_is_no_notice_is_refused(text):
    with pytest.raises(Unusable):
        notice_on(TODAY, text)
