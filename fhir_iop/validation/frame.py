"""The resource that a value lies in, and what its references can reach from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

from fhir_iop.fhirpath import Context
from fhir_iop.validation.bundles import Entries
from fhir_iop.validation.primitives import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from fhir_iop.issue import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """What a deployment decides: how bad unknown profiles and extensions are, and what else is told.

    ``best_practice``: invariants that recommend; ``must_support``: elements that a resource doesn't have and whose
    profile marks them so.
    """

    unknown_profile: Severity = "warning"
    unknown_extension: Severity = "warning"
    best_practice: bool = False
    must_support: bool = False


def nothing(_reference: str) -> None:
    """Look nothing up."""


class Conforms(Protocol):
    """What tries a profile on a value."""

    def __call__(self, value: Any, type_: str, frame: Frame, profile: str, *, else_told: bool) -> bool | None:
        """Whether a value of a type, in a frame, conforms to a profile; None where that isn't at hand.

        With ``else_told`` errors don't count that are told of the value itself.
        """


@dataclass(frozen=True, slots=True)
class Outside:
    """What a validation needs beyond the resource: options, a way to try a profile, a way to look resources up.

    ``look_up`` finds what a reference leads to outside of what is validated (a store), or None. ``clock`` says what
    time it is, with its zone. ``questionnaires`` are those that the call gave beside the resource.
    """

    options: Options
    conforms: Conforms
    look_up: Callable[[str], dict[str, Any] | None]
    clock: Callable[[], datetime]
    questionnaires: Sequence[dict[str, Any]] = ()


_MOST_UNDER_WAY: Final = 12


@dataclass(slots=True)
class _Trials:
    """What is known of values tried against profiles, by the value's identity, and how many trials are under way.

    ``tried`` keeps the values, so that what is looked up later has another identity.
    """

    verdicts: dict[tuple[int, str, bool], bool | None] = field(default_factory=dict)
    tried: list[Any] = field(default_factory=list)
    under_way: int = 0


class Frame:
    """One resource among those around it.

    ``container`` is the frame of the resource that contains it (`contained`), ``bundle`` that of the Bundle whose entry
    it is, with the entry's ``full_url``.
    """

    def __init__(
        self,
        resource: dict[str, Any],
        outside: Outside,
        *,
        container: Frame | None = None,
        bundle: Frame | None = None,
        full_url: str | None = None,
        trials: _Trials | None = None,
    ) -> None:
        self.resource = resource
        self.outside = outside
        self.container = container
        self.bundle = bundle
        self.full_url = full_url
        self._is_reached = trials is not None
        self._trials = trials or _Trials()

    @cached_property
    def context(self) -> Context:
        """What an invariant's evaluation knows."""
        outside = self.outside
        return Context(
            now=outside.clock(),
            resource=self.resource,
            root=self.root.resource,
            resolve=self.resolve,
            conforms=self.conforms,
        )

    @property
    def is_looked_up(self) -> bool:
        """Whether the resource is none of those that are validated: it was reached by a reference out of them."""
        root = self.root
        if root.bundle is not None and root.bundle.entries is not None:
            return not root.bundle.entries.holds(root.resource)
        return root._is_reached  # noqa: SLF001 - it is a Frame

    @property
    def root(self) -> Frame:
        """The frame of the resource that `#id` references are looked up in."""
        return self.container or self

    @cached_property
    def contained(self) -> dict[str, dict[str, Any]]:
        """The resources in `contained` by their id."""
        inside = self.resource.get("contained")
        found: dict[str, dict[str, Any]] = {}
        for resource in inside if isinstance(inside, list) else ():
            if isinstance(resource, dict) and isinstance(resource.get("id"), str):
                found.setdefault(resource["id"], resource)
        return found

    @cached_property
    def garbled_fragments(self) -> frozenset[str]:
        """The first fragments that lead nowhere, so many as contained resources have no id that can be referred to."""
        inside = self.resource.get("contained")
        ids = [one.get("id") if isinstance(one, dict) else None for one in inside] if isinstance(inside, list) else []
        garbled = sum(not isinstance(id_, str) or not FORMATS["id"](id_) for id_ in ids)
        if not garbled:
            return frozenset()
        fragments = (one["reference"] for one in _elements(self.resource) if isinstance(one.get("reference"), str))
        lost = (one for one in fragments if one[:1] == "#" and one[1:] and one[1:] not in self.contained)
        return frozenset(islice(dict.fromkeys(lost), garbled))

    @cached_property
    def by_element_id(self) -> dict[str, dict[str, Any]]:
        """The first element of this resource with each id; resources inside it have ids of their own."""
        found: dict[str, dict[str, Any]] = {}
        for element in _elements(self.resource):
            if isinstance(element.get("id"), str):
                found.setdefault(element["id"], element)
        return found

    @cached_property
    def entries(self) -> Entries | None:
        """The entries of the Bundle around this resource, or of the resource itself where it is one."""
        if self.root.bundle is not None:
            return self.root.bundle.entries
        return Entries(self.resource) if self.resource.get("resourceType") == "Bundle" else None

    def frame_of(self, resource: dict[str, Any]) -> Frame:
        """Return the frame of a resource that was reached from this one."""
        if resource is self.resource:
            return self
        id_ = resource.get("id")
        if isinstance(id_, str) and self.root.contained.get(id_) is resource:
            return Frame(resource, self.outside, container=self.root, trials=self._trials)
        bundle = self if self.resource.get("resourceType") == "Bundle" else self.root.bundle
        full_url = bundle.entries.full_url(resource) if bundle is not None and bundle.entries is not None else None
        return Frame(resource, self.outside, bundle=bundle, full_url=full_url, trials=self._trials)

    def conforms(self, value: Any, type_: str, profile: str) -> bool | None:
        """Whether a value reached from here conforms to a profile; None for a profile that isn't at hand."""
        return self._try(value, type_, profile, else_told=False)

    def suits(self, value: Any, type_: str, profile: str) -> bool | None:
        """Whether a value conforms to a profile but for what is told of it by itself, where it is validated too."""
        return self._try(value, type_, profile, else_told=True)

    def _try(self, value: Any, type_: str, profile: str, *, else_told: bool) -> bool | None:
        """Try a profile on a value.

        While a value is tried it passes for conforming, so that resources may refer to each other. Where a trial asks
        for one that asks for another, and so on, the answer is None beyond a few: the last of a chain is tried where
        it is validated itself.
        """
        trials = self._trials
        key = (id(value), profile, else_told)
        if key in trials.verdicts:
            return trials.verdicts[key]
        if trials.under_way == _MOST_UNDER_WAY:
            return None
        trials.tried.append(value)
        trials.verdicts[key] = True
        trials.under_way += 1
        try:
            is_resource = isinstance(value, dict) and "resourceType" in value
            frame = self.frame_of(value) if is_resource else self
            told = else_told and not (is_resource and frame.is_looked_up)
            verdict = trials.verdicts[key] = self.outside.conforms(value, type_, frame, profile, else_told=told)
        finally:
            trials.under_way -= 1
        return verdict

    def resolve(self, reference: str) -> dict[str, Any] | None:
        """Return the resource that ``reference`` leads to, None where it isn't at hand.

        A fragment leads into the containing resource; another reference to the Bundle's entry that it names by the
        fullUrl rules (https://hl7.org/fhir/R4/bundle.html#references), and else to what ``look_up`` finds.
        """
        if reference.startswith("#"):
            return self.root.contained.get(reference[1:]) if len(reference) > 1 else self.root.resource
        if self.entries is not None:
            found = self.entries.find(reference, self.root.full_url)
            if found is not None:
                return found
        return self.outside.look_up(reference)


def _elements(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every element below ``holder``, those of resources inside it left out."""
    for inner in holder.values():
        for one in inner if isinstance(inner, list) else (inner,):
            if isinstance(one, dict) and "resourceType" not in one:
                yield one
                yield from _elements(one)
