"""Where ids come from: a keyed hash of what the program itself calls a thing."""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_REMEMBERED = 65_536


class Identity:
    """Derives FHIR ids with a deployment's secret key.

    A resource is named by the kind of its record and a value: the record's own id, for a part of a record followed by
    the part's role and, where there are several, a key (``check-in`` and ``ci-7/side-effect/1``). Kind and value give
    the FHIR id, so that a record sent twice makes nothing twice, and nobody without the key can compute an id from a
    record number or go back from an id to it. The same value stands in the resource's ``identifier``, in the system
    of its kind, which is how the way back knows it.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self.of: Callable[[str, str], str] = lru_cache(_REMEMBERED)(self._derive)

    def _derive(self, kind: str, value: str) -> str:
        """Return the FHIR id (32 hexadecimal digits) of what ``kind`` calls ``value``."""
        return hmac.digest(self._key, f"{kind}/{value}".encode(), "sha256")[:16].hex()
