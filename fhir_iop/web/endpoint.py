"""The endpoint: the table of interactions on Flask's routes, and one way in and out for all of them."""

from __future__ import annotations

import difflib
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.routing import BaseConverter

from fhir_iop.errors import NotFound
from fhir_iop.issue import issue
from fhir_iop.web import answers, arrival
from fhir_iop.web.bundle import bundle
from fhir_iop.web.errors import refusal
from fhir_iop.web.exchange import Interaction, Route
from fhir_iop.web.interactions import PER_TYPE
from fhir_iop.web.metadata import capabilities, capability_statement, served_types
from fhir_iop.web.negotiation import FHIR_JSON, answer_type
from fhir_iop.web.records import records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.web.services import Services

# A path's variable parts; an id is as https://hl7.org/fhir/R4/datatypes.html#id says.
_PARTS = {"<id>": "<fhir_id:id>", "<type>": "<fhir_type:type>"}


class _Id(BaseConverter):
    regex = r"[A-Za-z0-9\-.]{1,64}"


class _Type(BaseConverter):
    regex = r"[A-Za-z]{1,64}"


def fhir_endpoint(services: Services) -> Flask:
    """Return the WSGI application that serves ``services`` as FHIR R4 below the path of ``settings.base_url``.

    Beside it stands ``POST /records``, where a program hands in its own records.
    """
    settings = services.settings
    base_path = urlsplit(settings.base_url).path.rstrip("/")
    app = Flask(__name__, static_folder=None)
    app.url_map.converters |= {"fhir_id": _Id, "fhir_type": _Type}
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # it would answer with a redirect, which is no OperationOutcome
    types = served_types(services.definitions)
    table: dict[str, Interaction] = {}

    def register(interaction: Interaction) -> None:
        path = base_path + interaction.path
        for part, converter in _PARTS.items():
            path = path.replace(part, converter)
        name = f"{interaction.method} {interaction.path}"
        table[name] = interaction
        view = partial(_serve, services, interaction)
        for alike in {path, path.removesuffix("/") or "/"}:
            app.add_url_rule(alike, name, view, methods=[interaction.method])

    def route(method: str, path: str) -> Route:
        name, names = app.url_map.bind("").match(base_path + path, method)
        if name not in table:
            raise NotFound(issue("web-address"))
        _check_type(names, types)
        return Route(table[name], names)

    system = Interaction(
        ("transaction", "batch"), "POST", "/", lambda services, ask: bundle(services, ask, route), "resource"
    )
    interactions = (*PER_TYPE, system)
    # Made when it is first asked for: it compiles every search parameter of R4.
    statement = cache(partial(capability_statement, services, interactions, services.clock()))
    described = Interaction(("capabilities",), "GET", "/metadata", lambda _, ask: capabilities(ask, statement))
    for interaction in (*interactions, described):
        register(interaction)
    app.add_url_rule("/records", "records", partial(records, services), methods=["POST"])

    @app.before_request
    def at_the_door() -> None:
        arrival.check_host(request, settings)
        _check_type(request.view_args or {}, types)

    @app.errorhandler(Exception)
    def refused(error: Exception) -> Response:
        told = refusal(error, services.new_id)
        response = answers.of_json(told.outcome, told.status, FHIR_JSON)
        response.headers.update(told.headers)
        return response

    app.after_request(answers.guard)
    return app


def _serve(services: Services, interaction: Interaction, **names: str) -> Response:
    """Carry out ``interaction`` for the current request."""
    written = dict(arrival.query(request))
    formats = [written["_format"]] if "_format" in written else []
    media_type = answer_type(request.accept_mimetypes, formats)
    ask = arrival.ask(request, interaction, services.settings, names)
    answer = interaction.answer(services, ask)
    pretty = written.get("_pretty") == "true"
    return answers.write(answer, services.settings.base_url, media_type, pretty=pretty)


def _check_type(names: Mapping[str, str], types: frozenset[str]) -> None:
    """Raise NotFound where a path names a resource type that isn't served, with the one that may be meant."""
    type_ = names.get("type")
    if type_ is None or type_ in types:
        return
    near = {name.lower(): name for name in types}
    meant = difflib.get_close_matches(type_.lower(), near, 1)
    suggestion = f"; did you mean {near[meant[0]]}?" if meant else "."
    raise NotFound(issue("web-type-unknown", type=type_, suggestion=suggestion))
