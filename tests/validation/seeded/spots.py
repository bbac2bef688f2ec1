"""Every value of a resource with its place, its type, and what the definitions say of its element.

This walk is the tests' own, over the published snapshots: it shares nothing with the validator but the definitions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.schema import Element, Structure

Path = tuple[str | int, ...]
Context = tuple[Structure, str]  # a structure, and the id of the element that the walk stands on


@dataclass(frozen=True)
class Spot:
    """A value: where it stands, of which type, and its element as each definition has it (the type's own first).

    ``sliced``: it lies in an element that a definition slices, so that it may be what tells the slice.
    """

    path: Path
    place: str
    type: str
    value: Any
    elements: tuple[Element, ...]
    sliced: bool

    @property
    def key(self) -> str:
        """The JSON property that holds it."""
        return str(self.path[-1] if isinstance(self.path[-1], str) else self.path[-2])

    @property
    def property_path(self) -> Path:
        """The path of the whole property, also where the value is one of several."""
        return self.path if isinstance(self.path[-1], str) else self.path[:-1]

    @property
    def property_place(self) -> str:
        return self.place if isinstance(self.path[-1], str) else self.place.rpartition("[")[0]

    @property
    def holder(self) -> Path:
        return self.property_path[:-1]

    @property
    def holder_place(self) -> str:
        """The place of the object around it."""
        place = self.property_place
        return (place.partition(".ofType(")[0] if place.endswith(")") else place).rpartition(".")[0]

    @property
    def is_list(self) -> bool:
        return self.elements[0].is_list

    @property
    def min(self) -> int:
        return max(element.min for element in self.elements)

    @property
    def is_fixed(self) -> bool:
        return any(element.fixed or element.pattern for element in self.elements)


def spots_of(definitions: Definitions, resource: dict[str, Any], structures: Sequence[Structure]) -> Iterator[Spot]:
    """Go through all values of ``resource``; contained resources and extensions are left out."""
    contexts = [(structure, structure.type) for structure in structures]
    yield from _inside(definitions, resource, contexts, structures[0].type, (), sliced=False)


def _inside(
    definitions: Definitions, holder: dict[str, Any], contexts: list[Context], place: str, path: Path, *, sliced: bool
) -> Iterator[Spot]:
    for key, value in holder.items():
        base = _element(contexts[0], key)
        if base is None or base.name in {"contained", "extension", "modifierExtension", "id"}:
            continue
        type_ = _type(base, key)
        step = f"{base.name.removesuffix('[x]')}.ofType({type_})" if base.name.endswith("[x]") else base.name
        found = [(context[0], element) for context in contexts if (element := _element(context, key)) is not None]
        in_slice = sliced or any(
            other.slice_name and other.path == element.path
            for structure, element in found
            for other in structure.elements
        )
        below = [(structure, _reference(element)) for structure, element in found]
        below = [(structure, id_) for structure, id_ in below if structure.children.get(id_)]
        structure = definitions.type(type_)
        if structure is not None and type_ not in {"BackboneElement", "Element"}:
            below.insert(0, (structure, type_))
        values = list(enumerate(value)) if base.is_list else [(None, value)]
        for index, one in values:
            here: Path = (*path, key) if index is None else (*path, key, index)
            at = f"{place}.{step}" if index is None else f"{place}.{step}[{index}]"
            yield Spot(here, at, type_, one, tuple(element for _, element in found), in_slice)
            if isinstance(one, dict) and below:
                yield from _inside(definitions, one, below, at, here, sliced=in_slice)


def _reference(element: Element) -> str:
    return element.content_reference.rpartition("#")[2] if element.content_reference else element.id


def _element(context: Context, key: str) -> Element | None:
    structure, parent = context
    for element in structure.children.get(parent, ()):
        if element.slice_name is None and (element.name == key or _is_variant(element, key)):
            return element
    return None


def _is_variant(element: Element, key: str) -> bool:
    stem = element.name.removesuffix("[x]")
    return element.name.endswith("[x]") and key.startswith(stem) and key[len(stem) : len(stem) + 1].isupper()


def _type(element: Element, key: str) -> str:
    if not element.name.endswith("[x]"):
        return element.types[0].code if element.types else "BackboneElement"
    suffix = key.removeprefix(element.name.removesuffix("[x]"))
    return next(entry.code for entry in element.types if entry.code[0].upper() + entry.code[1:] == suffix)
