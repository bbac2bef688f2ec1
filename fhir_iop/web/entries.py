"""The entries of a batch or transaction, read; pure (https://hl7.org/fhir/R4/bundle.html#Bundle.entry)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Mapping


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"})
_CONDITIONS = ("ifMatch", "ifNoneMatch", "ifModifiedSince", "ifNoneExist")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry's request. ``path`` begins with a slash, ``query`` is what follows the question mark.

    ``conditions`` holds ``ifMatch``, ``ifNoneMatch``, ``ifModifiedSince`` and ``ifNoneExist`` as far as they are given.
    """

    index: int
    method: str
    path: str
    query: str
    resource: dict[str, Any] | None
    full_url: str | None
    conditions: Mapping[str, str]

    @property
    def place(self) -> str:
        """Where this entry stands, as FHIRPath."""
        return f"Bundle.entry[{self.index}]"


def entries_of(bundle: dict[str, Any]) -> list[Any]:
    """Return the values of ``Bundle.entry``, unread. Raises BadInput where it isn't an array."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise BadInput(issue("bundle-entry", "Bundle.entry"))
    return entries


def entry_of(index: int, value: Any, base_url: str) -> Entry:
    """Read one value of ``Bundle.entry``. Raises BadInput where it can't be a request; see :class:`Entry`."""
    place = f"Bundle.entry[{index}]"
    request = value.get("request") if isinstance(value, dict) else None
    if not isinstance(request, dict):
        raise BadInput(issue("bundle-entry", place))
    method, url = request.get("method"), request.get("url")
    conditions = {name: request[name] for name in _CONDITIONS if name in request}
    resource, full_url = value.get("resource"), value.get("fullUrl")
    well = isinstance(url, str) and isinstance(method, str) and method in _METHODS
    well &= all(isinstance(condition, str) for condition in conditions.values())
    well &= isinstance(resource, dict | None) and isinstance(full_url, str | None)
    if not well:
        raise BadInput(issue("bundle-entry", f"{place}.request"))
    path, _, query = str(url).removeprefix(base_url).partition("?")
    return Entry(index, str(method), "/" + path.strip("/"), query, resource, full_url, conditions)
