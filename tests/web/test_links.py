"""Which strings of a resource are links, by its definitions: https://hl7.org/fhir/R4/http.html#trules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions
from fhir_iop.web.links import Links

URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
NEW = "Patient/new"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(URN) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["resourceType", "contained", "subject", "reference", "text", "div"]), inner)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def links() -> Links:
    return Links(Definitions.bundled(), *[lambda text: NEW if text == URN else text] * 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"subject": {"reference": URN}}, {"subject": {"reference": NEW}}),
        ({"performer": [{"reference": URN}, {"reference": "Practitioner/1"}]},
         {"performer": [{"reference": NEW}, {"reference": "Practitioner/1"}]}),
        ({"extension": [{"url": "http://x.example/e", "valueReference": {"reference": URN}}]},
         {"extension": [{"url": "http://x.example/e", "valueReference": {"reference": NEW}}]}),
        ({"extension": [{"url": "http://x.example/e", "valueUri": URN}]},
         {"extension": [{"url": "http://x.example/e", "valueUri": NEW}]}),
        ({"contained": [{"resourceType": "Condition", "subject": {"reference": URN}}]},
         {"contained": [{"resourceType": "Condition", "subject": {"reference": NEW}}]}),
        ({"component": [{"code": {"text": URN}, "valueString": URN}]},
         {"component": [{"code": {"text": URN}, "valueString": URN}]}),
        ({"identifier": [{"system": "urn:ietf:rfc:3986", "value": URN}]},
         {"identifier": [{"system": "urn:ietf:rfc:3986", "value": URN}]}),
        ({"subject": {"display": URN, "unknown": URN}}, {"subject": {"display": URN, "unknown": URN}}),
        ({"text": {"status": "generated", "div": f"<div><a href='{URN}'>{URN}</a><img src=\"{URN}\"/></div>"}},
         {"text": {"status": "generated", "div": f"<div><a href='{NEW}'>{URN}</a><img src=\"{NEW}\"/></div>"}}),
        ({"meta": {"profile": [URN]}}, {"meta": {"profile": [URN]}}),  # a canonical
    ],
)  # fmt: skip
def test_links_are_replaced_and_nothing_else(links: Links, before: dict[str, Any], after: dict[str, Any]) -> None:
    whole = {"resourceType": "Observation", **before}
    assert links.replaced(whole, "Observation") == {"resourceType": "Observation", **after}


def test_repeated_structures_are_walked_to_their_end(links: Links) -> None:
    item: dict[str, Any] = {"linkId": "1", "answer": [{"valueReference": {"reference": URN}}]}
    answers = {"resourceType": "QuestionnaireResponse", "item": [{"linkId": "0", "item": [item]}]}
    replaced = links.replaced(answers, "QuestionnaireResponse")
    assert replaced["item"][0]["item"][0]["answer"] == [{"valueReference": {"reference": NEW}}]


def test_what_was_sent_is_left_alone(links: Links) -> None:
    sent = {"resourceType": "Observation", "subject": {"reference": URN}}
    links.replaced(sent, "Observation")
    assert sent == {"resourceType": "Observation", "subject": {"reference": URN}}


@given(json_values)
def test_what_doesn_t_fit_the_definitions_is_left_as_it_is(value: Any) -> None:
    same = Links(Definitions.bundled(), lambda text: text, lambda text: text)
    resource = {"resourceType": "Observation", "subject": value, "contained": value, "text": value, "note": value}
    assert same.replaced(resource, "Observation") == resource
