"""The walk along the endpoint, request by request, against a real server on loopback."""

import re
from pathlib import Path

import pytest
import requests

from tests.examples.walk import WALK, Asked, asked, body_of, filled, unmet, variables
from tests.served import server

TEXT = WALK.read_text("utf-8")
REQUESTS = list(asked(TEXT))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Asked, requests.Response]]:
    """Send all requests in their order; an answer that isn't as expected stops nothing."""
    found: dict[str, tuple[Asked, requests.Response]] = {}
    named: dict[str, requests.Response] = {}
    with server(tmp_path_factory.mktemp("walk"), "--demo") as running:
        known = variables(TEXT) | {"base": f"{running.url}/fhir"}
        for request in REQUESTS:
            answer = requests.request(
                request.method,
                filled(request.url, known, named),
                headers={name: filled(value, known, named) for name, value in request.headers.items()},
                data=filled(body_of(request), known, named).encode(),
                timeout=30,
            )
            named[request.name] = answer
            found[request.title] = (request, answer)
    return found


def test_each_request_has_a_title_of_its_own_and_expects_a_status() -> None:
    assert len({request.title for request in REQUESTS}) == len(REQUESTS) > 25
    assert all(request.status for request in REQUESTS)


def test_nothing_in_the_file_is_passed_over() -> None:
    """Every line that begins a request or an expectation is read as one."""
    assert len(re.findall(r"^(?:GET|POST|PUT|PATCH|DELETE|HEAD) ", TEXT, re.MULTILINE)) == len(REQUESTS)
    expected = re.findall(r"^# ?expect (.+)$", TEXT, re.MULTILINE)
    assert expected == [each for request in REQUESTS for each in request.expected]


@pytest.mark.parametrize("title", [request.title for request in REQUESTS])
def test_the_answer_is_as_the_file_says(title: str, answers: dict[str, tuple[Asked, requests.Response]]) -> None:
    request, answer = answers[title]
    assert unmet(request, answer) == [], answer.text[:2000]


def test_what_is_expected_can_fail(answers: dict[str, tuple[Asked, requests.Response]]) -> None:
    request, answer = answers[REQUESTS[1].title]
    for wrong in ("status 200", 'header ETag is W/"2"', "header Location ends with /2", "meta.versionId = '2'"):
        twisted = Asked(request.title, "", "GET", "", {}, "", (wrong,))
        assert unmet(twisted, answer) == [wrong]


def test_the_file_it_sends_is_one_of_the_examples() -> None:
    sent = [request.body.removeprefix("< ") for request in REQUESTS if request.body.startswith("< ")]
    assert sent
    assert all((WALK.parent / Path(name)).is_file() for name in sent)
