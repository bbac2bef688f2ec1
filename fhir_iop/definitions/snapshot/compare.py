"""Our snapshots beside those that others made of the same differentials, element by element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions.reading import structure_of
from fhir_iop.fhir.reference import canonical as split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fhir_iop.definitions.definitions import Definitions
    from fhir_iop.definitions.resources import Files
    from fhir_iop.definitions.schema import Binding, Element, ElementType, Structure


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of one element that differs; ``fact`` is ``element`` where only one side has the element."""

    element: str
    fact: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        if self.fact == "element":
            return f"{self.element} is in {'ours' if self.ours else 'theirs'} only"
        return f"{self.element} · {self.fact}: ours {self.ours}, theirs {self.theirs}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One profile's snapshot beside another's: how many elements, what differs, and why; or why there is no other."""

    profile: str
    elements: int
    differences: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()
    missing: str = ""

    @property
    def agrees(self) -> bool:
        """Whether every fact of every element is the same."""
        return not self.differences and not self.missing


class WithoutSnapshots:
    """The files of a package whose profiles have lost their snapshots."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.name = files.name
        self.version = files.version
        self.dependencies = files.dependencies
        self.names = files.names
        self.head = files.head

    @property
    def fingerprint(self) -> str:
        """The files' own, and that they lost their snapshots."""
        return f"{self._files.fingerprint} without snapshots"

    def resource(self, name: str) -> dict[str, Any]:
        """Return the JSON object in a file, a profile's without its snapshot."""
        resource = self._files.resource(name)
        return (
            {key: value for key, value in resource.items() if key != "snapshot"} if _is_profile(resource) else resource
        )


def published(files: Files) -> Iterator[dict[str, Any]]:
    """Go through the profiles of a package that come with a snapshot, by canonical."""
    profiles = (resource for name in files.names if _is_profile(resource := files.resource(name)))
    return iter(sorted((each for each in profiles if "snapshot" in each), key=lambda each: str(each["url"])))


def _is_profile(resource: dict[str, Any]) -> bool:
    return resource.get("resourceType") == "StructureDefinition" and resource.get("derivation") == "constraint"


def compare(
    urls: Iterable[str], definitions: Definitions, other: Callable[[str], dict[str, Any] | str]
) -> Iterator[Comparison]:
    """Compare the profiles ``urls``, as ``definitions`` generate them, with what ``other`` gives for each.

    ``other`` may say in words why it has none.
    """
    for url in urls:
        ours, theirs = definitions.structure(url), other(url)
        if ours is None or isinstance(theirs, str):
            yield Comparison(url, 0, missing="we have none" if isinstance(theirs, dict) else str(theirs))
            continue
        found = tuple(differences(ours, structure_of(theirs)))
        yield Comparison(url, len(ours.elements), found, tuple(dict.fromkeys(_reason(each, ours) for each in found)))


def differences(ours: Structure, theirs: Structure) -> Iterator[Difference]:
    """Go through what differs: the elements and their order, and :data:`FACTS` of each."""
    here, there = ours.by_id, theirs.by_id
    for id_ in dict.fromkeys((*here, *there)):
        if id_ not in here or id_ not in there:
            yield Difference(id_, "element", id_ in here, id_ in there)
            continue
        for fact, told in FACTS.items():
            if told(here[id_]) != told(there[id_]):
                yield Difference(id_, fact, told(here[id_]), told(there[id_]))
    common = [[id_ for id_ in each if id_ in here and id_ in there] for each in (here, there)]
    if common[0] != common[1]:
        yield Difference(ours.type, "order", common[0], common[1])


def _types(types: Sequence[ElementType]) -> list[tuple[str, list[str], list[str]]]:
    return sorted((each.code, _bare(each.profiles), _bare(each.target_profiles)) for each in types)


def _bare(canonicals: Iterable[str]) -> list[str]:
    """Strip the canonicals of their versions, which one side pins and the other doesn't."""
    return sorted(split(each)[0] for each in canonicals)


def _binding(binding: Binding | None) -> tuple[str, str, str] | None:
    if binding is None:
        return None
    return binding.strength, split(binding.value_set)[0], split(binding.max_value_set or "")[0]


FACTS: Final[dict[str, Callable[[Element], Any]]] = {
    "path": lambda element: element.path,
    "slice": lambda element: element.slice_name,
    "slicing": lambda element: element.slicing,
    "min": lambda element: element.min,
    "max": lambda element: element.max,
    "types": lambda element: _types(element.types),
    "content reference": lambda element: (element.content_reference or "").rpartition("#")[2],
    "binding": lambda element: _binding(element.binding),
    "fixed": lambda element: element.fixed,
    "pattern": lambda element: element.pattern,
    "constraints": lambda element: sorted(constraint.key for constraint in element.constraints),
    "must support": lambda element: element.must_support,
    "modifier": lambda element: element.is_modifier,
    "base": lambda element: (element.base_path, element.base_min, element.base_max),
}


def _reason(difference: Difference, ours: Structure) -> str:
    """Say why a difference is there, where the reason is one of those that are known."""
    missing = next((found for found in ours.issues if found.rule == "snapshot-base"), None)
    if missing is not None:
        return missing.details
    element = ours.by_id.get(difference.element)
    choice = element is not None and element.name.endswith("[x]") and element.slicing is not None
    if choice and difference.fact in {"types", "slicing"}:
        return (
            "The differential names one type of a choice (valueQuantity). R4 lets the others be, as the published"
            " snapshots do; HL7's generator, unless told otherwise, forbids them as R3 did."
        )
    if ":" in difference.element:
        return (
            "The differential changes children of a sliced element. HL7's newer generator repeats that in each of its"
            " slices; the published snapshots say it once, and it holds for every slice."
        )
    return "No reason is known."
