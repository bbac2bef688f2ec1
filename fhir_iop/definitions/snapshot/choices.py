"""Choice elements, ``value[x]``, and their slices by type (https://hl7.org/fhir/R4/profiling.html#slicing)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from fhir_iop.definitions.schema import Discriminator, Slicing

if TYPE_CHECKING:
    from fhir_iop.definitions.schema import Element
    from fhir_iop.definitions.snapshot.tree import Node

BY_TYPE: Final = Slicing((Discriminator("type", "$this"),), "open")


def is_choice(node: Node) -> bool:
    """Whether the element may be of several types and its name ends with the type chosen."""
    return node.name.endswith("[x]")


def is_value_of_extension(node: Node) -> bool:
    """Whether the element is the value of an extension."""
    return node.name == "value[x]" and node.element.base_path == "Extension.value[x]"


def is_sliced_by_type(node: Node) -> bool:
    """Whether the element is a choice whose slices are told apart by their types."""
    slicing = node.element.slicing
    return is_choice(node) and slicing is not None and slicing.discriminators == BY_TYPE.discriminators


def type_in(node: Node, name: str) -> str | None:
    """Return the type that ``name`` chooses of the choice ``node``: Quantity for valueQuantity of value[x]."""
    if not is_choice(node) or not name.startswith(node.name[:-3]):
        return None
    suffix = name[len(node.name) - 3 :]
    offered = (node.inherited or node).element.types
    return next((type_.code for type_ in offered if type_.code[:1].upper() + type_.code[1:] == suffix), None)


def settled_choice(choice: Node) -> Element:
    """Return what follows for a choice from its slices by type: closed when each type has one, otherwise open.

    A slice that must be there leaves no other type; and an extension's value is of the types it is sliced by.
    """
    element = choice.element
    own = {slice_.element.types[0].code for slice_ in choice.slices if len(slice_.element.types) == 1}
    kept = {type_.code for slice_ in choice.slices for type_ in slice_.element.types}
    demanded = next((slice_.element for slice_ in choice.slices if slice_.element.min > 0), None)
    if is_value_of_extension(choice):
        element = replace(element, types=tuple(type_ for type_ in element.types if type_.code in kept))
    elif demanded is not None:
        kept = {type_.code for type_ in demanded.types}
        types = tuple(type_ for type_ in element.types if type_.code in kept)
        element = replace(element, min=1, types=types)
    rules: Literal["open", "closed"] = "closed" if {type_.code for type_ in element.types} <= own else "open"
    return replace(element, slicing=replace(element.slicing or BY_TYPE, rules=rules))
