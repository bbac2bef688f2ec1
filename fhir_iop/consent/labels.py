"""Put security labels on records: what 42 CFR Part 2 protects says so, completely, and so does the bundle it is in.

A record is protected when it carries v3-ActCode#42CFRPart2, when the safety net knows it by its codes, or when it
repeats what a protected record says (``safety_net.toml`` lists through which references). It then carries that label,
the sensitivity of its content, confidentiality R or higher, and the refrain policy NORDSCLCD.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.consent import safety_net
from fhir_iop.errors import BadInput
from fhir_iop.fhir import reference
from fhir_iop.fhir.security import (
    NO_REDISCLOSURE,
    PART2,
    RESTRICTED,
    SUBSTANCE_SENSITIVITIES,
    SUD,
    Label,
    add_labels,
    high_water_mark,
    labels,
)
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fhir_iop.consent.safety_net import SafetyNet

_NOTHING: Final[frozenset[Label]] = frozenset()
_MOST_NESTED_BUNDLES: Final = 20


def label(
    resources: Sequence[dict[str, Any]],
    *,
    stored: Callable[[str], Mapping[str, Any] | None] | None = None,
    net: SafetyNet | None = None,
) -> list[dict[str, Any]]:
    """Return ``resources``, in their order, with the labels that they must carry, as copies where labels were added.

    References are followed among ``resources`` and, where ``stored`` is given, to what it returns for ``Type/id``.
    No label is removed, and what is labelled twice is as labelled once. Malformed resources pass unchanged where they
    can't be read; the validator refuses them. Raises BadInput for bundles nested beyond reason.
    """
    labeller = _Labeller(net or safety_net.bundled(), stored)
    return labeller.label([(None, resource) for resource in resources])


@dataclass(frozen=True, slots=True)
class _Labeller:
    net: SafetyNet
    stored: Callable[[str], Mapping[str, Any] | None] | None
    depth: int = 0

    def label(self, entries: Sequence[tuple[Any, Any]]) -> list[Any]:
        """Label resources, each with its fullUrl or None, among themselves."""
        if self.depth > _MOST_NESTED_BUNDLES:
            raise BadInput(issue("json-depth", limit=_MOST_NESTED_BUNDLES))
        batch = [resource if isinstance(resource, dict) else {} for _, resource in entries]
        sensitivities = [self._own(resource) for resource in batch]
        if self.stored or (len(batch) > 1 and any(map(self._passed_on, batch, sensitivities))):
            followers = self._followers(entries, batch, sensitivities)
            self._hand_on(batch, sensitivities, followers)
        return [self._labelled(resource, found) for (_, resource), found in zip(entries, sensitivities, strict=True)]

    def _own(self, resource: Mapping[str, Any]) -> frozenset[Label]:
        """Return the sensitivities of a protected resource by itself; none for one that is not protected."""
        present = labels(resource)
        signs = self.net.signs(resource) if _type(resource) in self.net.types else _NOTHING
        if PART2 not in present and not signs:
            return _NOTHING
        return SUBSTANCE_SENSITIVITIES.intersection(present) | signs or frozenset({SUD})

    def _passed_on(self, resource: Mapping[str, Any], own: frozenset[Label]) -> frozenset[Label]:
        """Return what a resource passes to its followers: its own, or what it carries without being about anybody."""
        return own | self.net.signs(resource) if _type(resource) in self.net.carriers else own

    def _followers(
        self,
        entries: Sequence[tuple[Any, Any]],
        batch: Sequence[Mapping[str, Any]],
        sensitivities: list[frozenset[Label]],
    ) -> Mapping[int, Sequence[int]]:
        """Return, by place in the batch, the places of those that follow it; what is stored is handed on at once."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, (full_url, resource) in enumerate(entries):
            for key in _keys(full_url, resource):
                places[key].append(place)
        followers: dict[int, list[int]] = defaultdict(list)
        for follower, resource in enumerate(batch):
            for key in map(_local, _targets(resource, self.net)):
                for place in places.get(key, ()):
                    followers[place].append(follower)
                if self.stored and key not in places and reference.parse(key) and (other := self.stored(key)):
                    sensitivities[follower] |= self._passed_on(other, self._own(other))
        return followers

    def _hand_on(
        self,
        batch: Sequence[Mapping[str, Any]],
        sensitivities: list[frozenset[Label]],
        followers: Mapping[int, Sequence[int]],
    ) -> None:
        """Hand sensitivities on until nothing changes: each resource gains at most a few, so it ends."""
        waiting = list(followers)
        while waiting:
            place = waiting.pop()
            passed = self._passed_on(batch[place], sensitivities[place])
            for follower in followers.get(place, ()):
                if not passed <= sensitivities[follower]:
                    sensitivities[follower] |= passed
                    waiting.append(follower)

    def _labelled(self, resource: Any, sensitivities: frozenset[Label]) -> Any:
        if not isinstance(resource, dict):
            return resource
        if _type(resource) == "Bundle" and isinstance(resource.get("entry"), list):
            resource = self._with_labelled_entries(resource)
        if not sensitivities:
            return resource
        return add_labels(resource, [PART2, *sorted(sensitivities), RESTRICTED, NO_REDISCLOSURE])

    def _with_labelled_entries(self, bundle: dict[str, Any]) -> dict[str, Any]:
        """Label a bundle's entries among themselves, and the bundle with their high-water mark."""
        inner = _Labeller(self.net, self.stored, self.depth + 1)
        held = [entry for entry in bundle["entry"] if _holds_resource(entry)]
        labelled = inner.label([(entry.get("fullUrl"), entry["resource"]) for entry in held])
        following = iter(labelled)
        entries = [
            entry | {"resource": next(following)} if _holds_resource(entry) else entry for entry in bundle["entry"]
        ]
        return add_labels(bundle | {"entry": entries}, high_water_mark(labelled))


def _type(resource: Mapping[str, Any]) -> str:
    return str(resource.get("resourceType"))


def _holds_resource(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("resource"), dict)


def _keys(full_url: str | None, resource: Any) -> Iterator[str]:
    """Give the names by which others may refer to ``resource``."""
    if isinstance(full_url, str):
        yield _local(full_url)
    if isinstance(resource, dict) and isinstance(resource.get("id"), str):
        yield f"{_type(resource)}/{resource['id']}"


def _local(text: str) -> str:
    parsed = reference.parse(text)
    return parsed.local if parsed else text


def _targets(resource: Mapping[str, Any], net: SafetyNet) -> Iterator[str]:
    """Give the literal references of ``resource`` that labels follow."""
    for path in net.follows.get(_type(resource), ()):
        if path[0] not in resource:
            continue
        found: list[Any] = [resource]
        for name in path:
            found = [part.get(name) for part in found if isinstance(part, dict)]
            found = [item for part in found for item in (part if isinstance(part, list) else [part])]
        yield from (
            part["reference"] for part in found if isinstance(part, dict) and isinstance(part.get("reference"), str)
        )
