"""Each refused request in examples/errors is answered as the file beside it says."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web import golden


@pytest.mark.parametrize("request_", golden.requests(), ids=lambda path: path.name.partition(".")[0])
def test_a_request_is_refused_as_its_answer_says(client: FlaskClient, request_: Path) -> None:
    request = json.loads(request_.read_text("utf-8"))
    answer = json.loads(golden.answer_to(request_).read_text("utf-8"))
    assert request["says"]
    assert answer["status"] in {207, *range(400, 500)}
    assert golden.told(golden.send(client, request)) == answer


def test_every_file_is_a_request_or_its_answer() -> None:
    pairs = {path for request in golden.requests() for path in (request, golden.answer_to(request))}
    assert set(golden.FOLDER.iterdir()) - {golden.FOLDER / "README.md"} == pairs
    assert len(pairs) >= 2 * 15


def test_every_kind_of_refusal_has_a_pair() -> None:
    statuses = {json.loads(golden.answer_to(request).read_text("utf-8"))["status"] for request in golden.requests()}
    assert statuses >= {400, 404, 405, 406, 410, 412, 413, 415, 421, 422}
