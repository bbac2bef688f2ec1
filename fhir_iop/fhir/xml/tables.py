"""The children of an element by their XML names, made once for each kind of element."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fhir_iop.fhir.xml.scanning import BETWEEN
from fhir_iop.fhir.xml.shape import FHIR, XHTML, Child, Types, children

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What may stand in an element: children by name with namespace, and attributes."""

    known: Mapping[str, Child]
    attributes: frozenset[str]


_EXTENSION = Child(
    "extension", "extension", "Extension", "complex", is_list=True, order=1, attribute=False, node=("Extension",) * 2
)

ELEMENT: Final = Table({f"{FHIR}{BETWEEN}extension": _EXTENSION}, frozenset({"id", "value"}))
"""A primitive (https://hl7.org/fhir/R4/element.html): a value, an id and extensions."""
HOLDER: Final = Table({}, frozenset())
"""What holds a whole resource: `contained`, `resource`, and the document itself."""
NOTHING: Final = Table({}, frozenset())


@lru_cache(maxsize=4096)
def table(types: Types, node: tuple[str, str]) -> Table:
    """Return what may stand in the elements of ``node``; nothing, for a type that isn't known."""
    known: dict[str, Child] = {}
    attributes: set[str] = set()
    for name, child in children(types, node).items():
        if child.attribute:
            attributes.add(name)
            continue
        known[f"{FHIR}{BETWEEN}{name}"] = child
        if child.kind == "xhtml":
            known[f"{XHTML}{BETWEEN}{name}"] = child
    return Table(known, frozenset(attributes))
