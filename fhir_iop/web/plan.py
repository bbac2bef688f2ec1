"""Planning a transaction: the order of its writes, and its links made to point at the ids that they get; pure.

https://hl7.org/fhir/R4/http.html#trules
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fhir_iop.errors import BadInput
from fhir_iop.fhir import reference
from fhir_iop.issue import issue
from fhir_iop.web.links import Links

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fhir_iop.definitions import Definitions
    from fhir_iop.store import Write
    from fhir_iop.web.entries import Entry

_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2}
_CONDITIONAL = re.compile(r"[A-Z][A-Za-z]*\?.+")


@dataclass(frozen=True, slots=True)
class Planned:
    """One write that an entry asks for: ``write`` has its final type and id, and its links not yet replaced.

    ``write`` is None where a conditional create found that the resource is there; ``target`` (``type/id``) is it then.
    """

    entry: Entry
    target: str
    write: Write | None


def in_order(
    planned: Sequence[Planned], definitions: Definitions, find: Callable[[str], str]
) -> list[tuple[Entry, Write]]:
    """Return what is to be written, in processing order (deletions, creations, updates), its links replaced.

    ``find`` gives ``type/id`` for a conditional reference (``Patient?identifier=…``), or raises. Raises BadInput when
    two entries are about one resource or have one fullUrl, and for a reference to a ``urn:uuid`` that no entry has:
    nothing could ever resolve it.
    """
    _check_distinct([one.target for one in planned], planned, "bundle-target-twice")
    _check_distinct([one.entry.full_url for one in planned], planned, "bundle-full-url-twice")
    targets = {one.entry.full_url: one.target for one in planned if one.entry.full_url}
    ordered = sorted(((one.entry, one.write) for one in planned if one.write), key=lambda pair: _ORDER[pair[0].method])
    return [(entry, _linked(entry, write, targets, definitions, find)) for entry, write in ordered]


def _check_distinct(names: Sequence[str | None], planned: Sequence[Planned], rule: str) -> None:
    times = Counter(names)
    twice = [one.entry.place for one, name in zip(planned, names, strict=True) if name is not None and times[name] > 1]
    if twice:
        raise BadInput(*(issue(rule, place) for place in twice))


def _linked(
    entry: Entry, write: Write, targets: Mapping[str, str], definitions: Definitions, find: Callable[[str], str]
) -> Write:
    if write.deleted:
        return write
    own = reference.parse(entry.full_url or "")
    base = f"{own.base}/" if own and own.base else ""

    def link(text: str) -> str:
        return targets.get(text, text)

    def refer(text: str) -> str:
        # A relative reference is resolved against the fullUrl of its own entry: bundle.html#references.
        target = targets.get(text) or (targets.get(base + text) if base else None)
        if target is not None:
            return target
        if text.startswith(("urn:uuid:", "urn:oid:")):
            raise BadInput(issue("bundle-reference", f"{entry.place}.resource"))
        return find(text) if _CONDITIONAL.fullmatch(text) else text

    resource = Links(definitions, refer, link).replaced(write.resource, write.resource["resourceType"])
    return replace(write, resource=resource)
