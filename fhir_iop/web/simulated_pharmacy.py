"""A pharmacy for the demonstration and for tests: it takes prescription messages over HTTP and answers them.

It stands for the far side and shares nothing with the endpoint but how errors are told. What it knows is lost when it
stops; what it answers is decided in ``pharmacy/simulator.py``.
"""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from fhir_iop.errors import Conflict
from fhir_iop.fhir.json import decode_object
from fhir_iop.issue import issue
from fhir_iop.pharmacy import simulate_reply
from fhir_iop.settings import Settings
from fhir_iop.web import answers, arrival
from fhir_iop.web.errors import refusal
from fhir_iop.web.negotiation import FHIR_JSON, check_body_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_OPERATION = "/$process-message"


class Counter:
    """What has come over the counter: each message once, with the answer that it got."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to ``message``, the same one to the same message; an OperationOutcome where it is none.

        Raises Conflict where a message with its id came before and said something else.
        """
        reply = simulate_reply(message, self._clock)
        if reply["resourceType"] == "OperationOutcome":
            return reply
        id_ = message["entry"][0]["resource"]["id"]
        with self._lock:
            before, answered = self._taken.setdefault(id_, (message, reply))
        if before != message:
            raise Conflict(issue("pharmacy-message-reused", "Bundle.entry[0].resource.id"))
        return answered


def pharmacy(clock: Callable[[], datetime]) -> Flask:
    """Return the pharmacy as a WSGI application: ``POST /$process-message``.

    https://hl7.org/fhir/R4/messageheader-operation-process-message.html
    """
    counter = Counter(clock)
    app = Flask(__name__, static_folder=None)

    @app.post(_OPERATION)
    def process_message() -> Response:
        check_body_type(request.content_type)
        message = decode_object(arrival.body(request, Settings().body_limit))
        answer = counter.answer(message)
        return answers.of_json(answer, 200 if answer["resourceType"] == "Bundle" else 400, FHIR_JSON)

    @app.errorhandler(Exception)
    def refused(error: Exception) -> Response:
        told = refusal(error, lambda: str(uuid.uuid4()))
        return answers.of_json(told.outcome, told.status, FHIR_JSON)

    return app


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - as the class above calls it
        """Say nothing: the demonstration's output is for people."""


@contextmanager
def running(clock: Callable[[], datetime]) -> Iterator[str]:
    """Have the pharmacy on a free port of the loopback address while the block lasts; gives the address to send to."""
    server = make_server("127.0.0.1", 0, pharmacy(clock), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, name="simulated pharmacy")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{_OPERATION}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
