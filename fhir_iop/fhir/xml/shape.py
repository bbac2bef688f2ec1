"""What reading and writing XML must know of the definitions: the order, types and XML form of an element's children.

The definitions are a room above this one, so they come as an argument of a shape described here.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"

Kind = Literal["primitive", "complex", "resource", "xhtml"]


class Types(Hashable, Protocol):
    """Where structures are found by type name; :class:`fhir_iop.definitions.Definitions` is one."""

    def type(self, name: str, /) -> Any:
        """Return the Structure of the type called ``name``, or None."""


@dataclass(frozen=True, slots=True)
class Child:
    """One JSON property of an element: its name with the choice's type in it, and where its own children are told.

    ``order`` is the place among its siblings; ``node`` is ``(type, element id)`` for a complex child.
    """

    name: str
    type: str
    kind: Kind
    is_list: bool
    order: int
    attribute: bool
    node: tuple[str, str]


def root(type_: str) -> tuple[str, str]:
    """Return the node of a resource or datatype itself."""
    return (type_, type_)


@lru_cache(maxsize=4096)
def children(types: Types, node: tuple[str, str]) -> Mapping[str, Child]:
    """Return the children of ``node`` by JSON name, in the order of the definitions; empty for an unknown type."""
    structure = types.type(node[0])
    found: dict[str, Child] = {}
    if structure is None:
        return found
    for order, element in enumerate(structure.children.get(node[1], ())):
        if element.slice_name is not None or element.max == 0:
            continue
        if element.content_reference:
            where = (node[0], element.content_reference.rpartition("#")[2])
            found[element.name] = Child(
                element.name, "", "complex", element.is_list, order, attribute=False, node=where
            )
            continue
        choice = element.name.endswith("[x]")
        for type_ in element.types:
            name = element.name[:-3] + type_.code[0].upper() + type_.code[1:] if choice else element.name
            nested = element.id in structure.children
            found[name] = Child(
                name,
                type_.code,
                _kind(types, type_.code),
                element.is_list,
                order,
                attribute=element.xml == "xmlAttr",
                node=(node[0], element.id) if nested else root(type_.code),
            )
    return found


def _kind(types: Types, code: str) -> Kind:
    if code == "xhtml":
        return "xhtml"
    structure = types.type(code)
    if structure is not None and structure.kind == "primitive-type":
        return "primitive"
    return "resource" if structure is None or structure.kind == "resource" else "complex"
