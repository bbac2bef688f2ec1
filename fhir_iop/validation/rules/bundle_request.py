"""What an entry of a batch or transaction asks for, and what one of a history says was asked, can be asked.

https://hl7.org/fhir/R4/bundle.html#transaction and https://hl7.org/fhir/R4/http.html#update. That each entry has its
request is the standard's invariant bdl-3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from fhir_iop.validation.bundle_rules import applies, entries_with, quick
from fhir_iop.validation.codes import ABSOLUTE_URI
from fhir_iop.validation.primitives import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item

__all__ = ["applies", "find", "quick"]

_WITH_BODY: Final = frozenset({"POST", "PUT"})
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "DELETE"})
_ON_ONE: Final = frozenset({"PUT", "PATCH", "DELETE"})

_FORMS: Final = {
    "GET": "what can be read or searched",
    "HEAD": "what can be read or searched",
    "POST": "a type to create or search, or an operation",
    "PUT": "a type and an id, or a type and a query",
    "PATCH": "a type and an id, or a type and a query",
    "DELETE": "a type and an id, or a type and a query",
}
_OPERATION: Final = re.compile(r"(?:[A-Za-z]+/)?(?:[A-Za-z0-9\-.]{1,64}/)?\$[A-Za-z][A-Za-z0-9\-]*")
_SEARCH: Final = re.compile(r"(?:[A-Za-z]+/)?_search")


class Target(NamedTuple):
    """What a request's url leads to: a type, one resource of it, or what a ``query`` finds."""

    type: str
    id: str
    query: str


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-request-…` at a Bundle's entries and what they ask for."""
    for entry, request in entries_with(item, "request"):
        yield from _check(entry, request)


def target(url: str) -> Target:
    """Take the url of a request apart: ``Patient/1``, ``Patient?identifier=x``, ``Patient``."""
    path, _, query = url.partition("?")
    type_, _, id_ = path.partition("/")
    return Target(type_, id_, query)


def _check(entry: Item, request: Item) -> Iterator[Finding]:
    method, url = request.value.get("method"), request.value.get("url")
    if not isinstance(method, str) or method not in _FORMS:
        return  # rules/json_type.py, rules/binding.py
    resource = entry.value.get("resource")
    if method in _WITH_BODY and "resource" not in entry.content and "resource" not in entry.meant:
        yield entry.found("bundle-request-resource", method=method)
    if method in _WITHOUT_BODY and isinstance(resource, dict):
        yield entry.found("bundle-request-no-resource", place=entry.place_of("resource"), method=method)
    if "ifNoneExist" in request.value and method != "POST":
        yield request.found("bundle-request-condition", place=request.place_of("ifNoneExist"), method=method)
    if not isinstance(url, str) or not FORMATS["uri"](url):
        return
    place = request.place_of("url")
    if ABSOLUTE_URI.fullmatch(url):
        yield request.found("bundle-request-absolute", place=place)
        return
    asked = target(url.removeprefix("/"))
    if not _can_be(method, asked, request.expected.expectations.definitions.resource_types):
        yield request.found("bundle-request-url", place=place, method=method, allowed=_FORMS[method])
    elif method in _WITH_BODY and isinstance(resource, dict) and "$" not in url and "_search" not in url:
        yield from _beside(entry, request, asked)


def _can_be(method: str, asked: Target, types: frozenset[str]) -> bool:
    """Whether a method can be asked of what a url leads to."""
    path = f"{asked.type}/{asked.id}" if asked.id else asked.type
    if method in _ON_ONE:
        return asked.type in types and (bool(FORMATS["id"](asked.id)) if asked.id else bool(asked.query))
    if _OPERATION.fullmatch(path):
        return True
    if method == "POST":
        return bool(_SEARCH.fullmatch(path)) or (asked.type in types and not asked.id)
    # What begins in lower case is the server's own: metadata, _history.
    return not asked.type or asked.type in types or not asked.type[0].isupper()


def _beside(entry: Item, request: Item, asked: Target) -> Iterator[Finding]:
    """Compare what is asked for with the resource that is sent for it."""
    resource = entry.value["resource"]
    place = request.place_of("url")
    type_ = resource.get("resourceType")
    if isinstance(type_, str) and type_ in request.expected.expectations.definitions.resource_types:
        if type_ != asked.type:
            yield request.found("bundle-request-type", place=place, asked=asked.type, found=type_)
        elif asked.id and resource.get("id") != asked.id and not isinstance(resource.get("id", ""), (dict, list)):
            yield request.found("bundle-request-id", place=place)
