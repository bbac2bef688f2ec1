"""Slices: which members of a repeating element a slice speaks of (https://hl7.org/fhir/R4/profiling.html#slicing)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fhir_iop.definitions.schema import Discriminator
from fhir_iop.validation.discriminators import Criterion, criterion, texts_in

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from fhir_iop.definitions.schema import Element
    from fhir_iop.validation.discriminators import Value
    from fhir_iop.validation.expectations import Expectations
    from fhir_iop.validation.expected import View

DEFAULT = "@default"
_FEW: Final = 8  # slices that are tried one after the other

_BY_TYPE = (Discriminator("type", "$this"),)
_BY_URL = (Discriminator("value", "url"),)


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """One slice: its name, its view, and what tells its members. ``inner`` slices its members again."""

    name: str
    view: View
    criteria: tuple[Criterion, ...]
    inner: Slicing | None

    def matches(self, value: Value) -> bool:
        """Whether every discriminator says that ``value`` belongs here."""
        return all(criterion.met_by(value) for criterion in self.criteria)

    def nearly_matches(self, value: Value) -> bool:
        """Whether ``value`` would belong here, did something in it conform to the profile that tells the slice."""
        return all(criterion.met_by(value) or criterion.nearly_met_by(value) for criterion in self.criteria)


class _Index:
    """Which of many slices a value may lie in, by one text that must stand in it: of each slice's the rarest."""

    def __init__(self, slices: Sequence[Slice]) -> None:
        texts = [frozenset().union(*(criterion.texts for criterion in slice_.criteria)) for slice_ in slices]
        counts = Counter(text for each in texts for text in each)
        self._slices = slices
        self._others: list[int] = []
        self._by_text: dict[str, list[int]] = {}
        for position, each in enumerate(texts):
            if each:
                rarest = min(each, key=lambda text: (counts[text], text))
                self._by_text.setdefault(rarest, []).append(position)
            else:
                self._others.append(position)

    def candidates(self, value: Value) -> list[Slice]:
        """Return the slices that ``value`` may lie in, in their order."""
        found = {position for text in set(texts_in(value.json)) for position in self._by_text.get(text, ())}
        return [self._slices[position] for position in sorted(found.union(self._others))]


@dataclass(frozen=True, eq=False)
class Slicing:
    """How one view slices an element. ``slices`` are in the order of the definition, without the default slice."""

    view: View
    slices: tuple[Slice, ...]
    rules: str
    ordered: bool
    default: Slice | None

    @cached_property
    def paths(self) -> frozenset[str]:
        """Where the discriminators look."""
        return frozenset(criterion.path for slice_ in self.slices for criterion in slice_.criteria)

    @cached_property
    def _index(self) -> _Index | None:
        return _Index(self.slices) if len(self.slices) > _FEW else None

    def all_slices(self) -> Iterator[Slice]:
        """Yield the slices, and after each the re-slices inside it."""
        for slice_ in self.slices:
            yield slice_
            if slice_.inner is not None:
                yield from slice_.inner.all_slices()

    def nested(self, outer: Slice | None = None) -> Iterator[tuple[Slice, Slice | None]]:
        """Yield each slice, the default one too, with the slice that it lies in; after each the re-slices inside it."""
        for slice_ in self.slices:
            yield slice_, outer
            if slice_.inner is not None:
                yield from slice_.inner.nested(slice_)
        if self.default is not None:
            yield self.default, outer

    def choose(self, value: Value) -> list[Slice]:
        """Return the slice that ``value`` lies in, then the re-slice inside it, as deep as they go; else nothing."""
        for slice_ in self.slices if self._index is None else self._index.candidates(value):
            if slice_.matches(value):
                return [slice_, *(slice_.inner.choose(value) if slice_.inner else ())]
        return [self.default] if self.default else []


def slicing_of(expectations: Expectations, view: View) -> Slicing | None:
    """Return how ``view``'s structure slices its element, or None where it doesn't."""
    element = view.element
    members = _slices(view)
    if not members and (element.slicing is None or element.slicing.rules == "open"):
        return None
    discriminators = element.slicing.discriminators if element.slicing else ()
    if not discriminators:
        discriminators = _implied(element)
    slices = []
    default = None
    for member in members:
        own = expectations.view(view.structure, member)
        if _last(member) == DEFAULT:
            default = Slice(DEFAULT, own, (), None)
            continue
        criteria = tuple(criterion(expectations, own, discriminator) for discriminator in discriminators)
        slices.append(Slice(member.slice_name or "", own, criteria, slicing_of(expectations, own)))
    rules = element.slicing.rules if element.slicing else "open"
    return Slicing(view, tuple(slices), rules, bool(element.slicing and element.slicing.ordered), default)


def _slices(view: View) -> list[Element]:
    """List the slices directly under the element: ``a`` under the element itself, ``a/b`` under the slice ``a``.

    An ``a/b`` of which there is no ``a`` lies under the element itself.
    """
    element = view.element
    siblings: Sequence[Element] = view.structure.children.get(element.id.rpartition(".")[0], ())
    slices = {each.slice_name: each for each in siblings if each.path == element.path and each.slice_name is not None}
    return [each for name, each in slices.items() if _outer(name, slices) == element.slice_name]


def _outer(name: str, slices: Container[str]) -> str | None:
    """Return the name of the slice that the slice ``name`` lies in."""
    while "/" in name:
        name = name.rpartition("/")[0]
        if name in slices:
            return name
    return None


def _last(element: Element) -> str:
    return (element.slice_name or "").rpartition("/")[2]


def _implied(element: Element) -> tuple[Discriminator, ...]:
    """Return the discriminator that goes without saying: of a choice its type, of an extension its url."""
    if element.name.endswith("[x]"):
        return _BY_TYPE
    return _BY_URL if element.name in {"extension", "modifierExtension"} else ()
