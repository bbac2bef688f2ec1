"""A Bundle's entries by fullUrl, and how a reference in one leads to another.

https://hl7.org/fhir/R4/bundle.html#references: a relative reference takes its base from the fullUrl of the entry it
stands in, where that is a RESTful address; an absolute one or a URN is a fullUrl itself.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import reference as references
from fhir_iop.validation.codes import ABSOLUTE_URI
from fhir_iop.validation.primitives import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable


def meant(resources: Iterable[dict[str, Any]], canonical: str) -> dict[str, Any] | None:
    """Return the first of ``resources`` that a canonical means: by its url, and its version where one is named."""
    url, version = references.canonical(canonical)
    return next(
        (one for one in resources if one.get("url") == url and version in {None, one.get("version")}),
        None,
    )


WITHOUT_IDENTITY: Final = frozenset({"batch", "transaction", "batch-response", "transaction-response"})
"""In these a resource may have no identity yet, or a server's answer may say it elsewhere."""


class Entries:
    """The entries of one Bundle, indexed; ``type`` is the Bundle's own."""

    def __init__(self, bundle: dict[str, Any]) -> None:
        self.type = bundle.get("type")
        self._held: set[int] = set()
        self._garbled = 0
        self._excused: set[str] = set()
        self.by_url: dict[str, list[dict[str, Any]]] = {}
        self.by_local: dict[str, list[dict[str, Any]]] = {}
        self.by_canonical: dict[str, list[dict[str, Any]]] = {}
        entries = bundle.get("entry")
        for entry in entries if isinstance(entries, list) else ():
            resource = entry.get("resource") if isinstance(entry, dict) else None
            self._garbled += self._is_garbled(entry)
            if not isinstance(resource, dict):
                continue
            self._held.add(id(resource))
            full_url = entry.get("fullUrl")
            if isinstance(resource.get("url"), str):
                self.by_canonical.setdefault(resource["url"], []).append(resource)
            if isinstance(full_url, str):
                self.by_url.setdefault(full_url, []).append(resource)
            if isinstance(resource.get("id"), str):
                self.by_local.setdefault(f"{resource.get('resourceType')}/{resource['id']}", []).append(resource)

    def canonical(self, canonical: str) -> dict[str, Any] | None:
        """Return the resource that a canonical means, None where it is in no entry."""
        return meant(self.by_canonical.get(references.canonical(canonical)[0], ()), canonical)

    def full_url(self, resource: dict[str, Any]) -> str | None:
        """Return the fullUrl of the entry that holds this very resource."""
        return self._urls.get(id(resource))

    def _is_garbled(self, entry: Any) -> bool:
        """Whether an entry has a fault that is told, for which no reference can lead to it."""
        if not isinstance(entry, dict):
            return True
        url, resource = entry.get("fullUrl"), entry.get("resource")
        if url is None and "fullUrl" not in entry:
            return self.type not in WITHOUT_IDENTITY
        if not isinstance(url, str) or not FORMATS["uri"](url) or not ABSOLUTE_URI.fullmatch(url):
            return True
        if "resource" not in entry:
            return "request" not in entry and "response" not in entry
        return not (isinstance(resource, dict) and isinstance(resource.get("resourceType"), str))

    def may_lead_to_garbled(self, reference: str) -> bool:
        """Whether a reference that leads to no entry may be meant for one that has a fault.

        It is so with as many references as there are such entries, the first that are asked for.
        """
        if reference not in self._excused and len(self._excused) < self._garbled:
            self._excused.add(reference)
        return reference in self._excused

    def holds(self, resource: dict[str, Any]) -> bool:
        """Whether this very resource is in an entry."""
        return id(resource) in self._held

    @cached_property
    def _urls(self) -> dict[int, str]:
        urls: dict[int, str] = {}
        for url, held in self.by_url.items():
            for resource in held:
                urls.setdefault(id(resource), url)
        return urls

    def find(self, reference: str, from_url: str | None) -> dict[str, Any] | None:
        """Return the one resource that ``reference``, standing in the entry ``from_url``, leads to; None otherwise."""
        reference = reference.partition("#")[0]
        exact = self.by_url.get(reference)
        if exact is not None:
            return exact[0]
        literal = references.parse(reference)
        if literal is None:
            return None
        if literal.version is not None:
            return self._version(literal, from_url)
        if literal.base is not None:
            return None
        here = references.parse(from_url) if from_url else None
        if here is not None and here.base is not None:
            found = self.by_url.get(f"{here.base}/{literal.local}")
            return found[0] if found else None
        if from_url is None:  # no fullUrl to take a base from: the entry can only mean type and id
            found = self.by_local.get(literal.local)
            return found[0] if found else None
        return None

    def _version(self, literal: references.LiteralReference, from_url: str | None) -> dict[str, Any] | None:
        base = literal.base
        if base is None:
            here = references.parse(from_url) if from_url else None
            base = here.base if here else None
        found = self.by_url.get(f"{base}/{literal.local}" if base else literal.local, [])
        versions = [one for one in found if isinstance(one.get("meta"), dict)]
        return next((one for one in versions if one["meta"].get("versionId") == literal.version), None)
