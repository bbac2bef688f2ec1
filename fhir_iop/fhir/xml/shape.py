"""What reading and writing XML must know of the definitions: the order, types and XML form of an element's children.

The definitions are a room above this one, so they come as an argument of a shape described here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from fhir_iop.fhir.xml.values import CONVERT

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

    ``step`` is its FHIRPath (``value.ofType(Quantity)``); ``order`` the place among its siblings, the same for all
    types of a choice; ``node`` is ``(type, element id)`` for a complex child; ``convert`` makes the JSON value of a
    primitive that is no text in JSON; ``sibling`` is the JSON property of a primitive's id and extensions.
    """

    name: str
    step: str
    type: str
    kind: Kind
    is_list: bool
    order: int
    attribute: bool
    node: tuple[str, str]
    convert: Callable[[str], Any] | None = None
    sibling: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sibling", f"_{self.name}")


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
                element.name, element.name, "", "complex", element.is_list, order, attribute=False, node=where
            )
            continue
        choice = element.name.endswith("[x]")
        for type_ in element.types:
            stem = element.name.removesuffix("[x]")
            name = stem + type_.code[0].upper() + type_.code[1:] if choice else stem
            nested = element.id in structure.children
            found[name] = Child(
                name,
                f"{stem}.ofType({type_.code})" if choice else stem,
                type_.code,
                _kind(types, type_.code),
                element.is_list,
                order,
                attribute=element.xml == "xmlAttr",
                node=(node[0], element.id) if nested else root(type_.code),
                convert=CONVERT.get(type_.code),
            )
    return found


def _kind(types: Types, code: str) -> Kind:
    if code == "xhtml":
        return "xhtml"
    structure = types.type(code)
    if structure is not None and structure.kind == "primitive-type":
        return "primitive"
    return "resource" if structure is None or structure.kind == "resource" else "complex"


def key_of(name: str) -> str:
    """Return the JSON property that stands for an element no definition knows, from its name with its namespace.

    A name that would mean something else in JSON (`resourceType`, `_name`) keeps its namespace, like a foreign one.
    """
    namespace, _, local = name.rpartition("}")
    if namespace == FHIR and local[0] != "_" and local != "resourceType":
        return local
    return "div" if name == f"{XHTML}}}div" else name
