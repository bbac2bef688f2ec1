"""A FHIR package registry, asked by npm's protocol (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification)."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fhir_iop.definitions.versions import fitting, newest
from fhir_iop.errors import FhirIopError, Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from fhir_iop.session import Session

_LATEST: Final = frozenset({"latest", "current", "dev"})


class Registry:
    """A registry at ``address``, reached through ``session``, whose limits bound what is taken from it."""

    def __init__(self, address: str, session: Session) -> None:
        self._address = address.rstrip("/")
        self._session = session

    def fetch(self, name: str, wanted: str) -> bytes:
        """Return the .tgz of the newest version that ``wanted`` names (``6.1.0``, ``6.1``, ``6.1.x``, ``latest``).

        Raises Unavailable where the registry can't be reached, and Unusable where it has no such package or gives
        other bytes than it announced.
        """
        package = f"{name}#{wanted}"
        versions = self._versions(name, package)
        version = newest(versions) if wanted in _LATEST else fitting(versions, wanted)
        distribution = versions[version].get("dist") if version is not None else None
        if not isinstance(distribution, dict) or not isinstance(distribution.get("tarball"), str):
            raise Unusable(issue("package-missing", package, package=package))
        answer = self._session.get(distribution["tarball"])
        if not answer.ok:
            raise Unusable(issue("package-missing", package, package=package))
        if not _is_announced(answer.body, distribution):
            raise Unusable(issue("package-altered", package, package=package))
        return answer.body

    def _versions(self, name: str, package: str) -> dict[str, dict[str, Any]]:
        answer = self._session.get(f"{self._address}/{quote(name, safe='')}", accept="application/json")
        try:
            versions = json.decode_object(answer.body).get("versions") if answer.ok else None
        except FhirIopError:
            versions = None
        if not isinstance(versions, dict):
            raise Unusable(issue("package-missing", package, package=package))
        return {version: told for version, told in versions.items() if isinstance(told, dict)}


def _is_announced(body: bytes, distribution: dict[str, Any]) -> bool:
    """Whether the bytes have the hash that the registry gives: npm's ``integrity``, or the older ``shasum``."""
    integrity, shasum = distribution.get("integrity"), distribution.get("shasum")
    if isinstance(integrity, str) and integrity.startswith("sha512-"):
        return integrity.removeprefix("sha512-") == base64.b64encode(hashlib.sha512(body).digest()).decode()
    if isinstance(shasum, str):
        return shasum.lower() == hashlib.sha1(body, usedforsecurity=False).hexdigest()
    return True
