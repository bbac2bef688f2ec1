"""The form of the base types, for msgspec: what the definitions say of properties, arrays and what must be there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from fhir_iop.fhir.shapes import Field, Shapes
from fhir_iop.validation.expected import Member

if TYPE_CHECKING:
    from fhir_iop.definitions.schema import Element, Structure
    from fhir_iop.validation.expectations import Expectations

_JSON: Final = {
    "boolean": "boolean",
    "decimal": "number",
    "integer": "integer",
    "markdown": "string",
    "positiveInt": "positive",
    "unsignedInt": "unsigned",
    "string": "string",
    "Resource": "object",
}
# Of an element that isn't a resource these are rare: most data is all plain, and its shape is then the smaller.
_RARE: Final = frozenset({"extension", "modifierExtension"})


def shapes(expectations: Expectations, *, plain: bool) -> Shapes:
    """Return the shapes of all types; ``plain`` ones know no extensions, and no ids of elements."""
    return Shapes(partial(_describe, expectations, plain))


def _describe(expectations: Expectations, plain: bool, name: str) -> dict[str, Field] | None:
    structure = expectations.definitions.type(name.partition(".")[0])
    # An abstract type is only that of elements whose content stands in a structure of another.
    if structure is None or (structure.abstract and name not in {"Element", "BackboneElement"}):
        return None
    is_resource = structure.kind == "resource" and name == structure.type
    fields = {"resourceType": Field("text", is_required=True)} if is_resource else {}
    for element in structure.children.get(name, ()):
        if element.slice_name is None and element.max != 0 and not (plain and _is_rare(element, is_resource)):
            fields |= _fields(expectations, structure, element, plain=plain)
    return fields


def _is_rare(element: Element, is_resource: bool) -> bool:
    return element.name in _RARE or (element.name == "id" and not is_resource)


def _fields(expectations: Expectations, structure: Structure, element: Element, *, plain: bool) -> dict[str, Field]:
    member = Member(expectations, element.name, (expectations.view(structure, element),))
    is_required = element.min > 0 and not element.name.endswith("[x]")
    found = {}
    for json_name, type_ in member.variants.items():
        is_primitive = expectations.is_primitive(type_)
        shape = _JSON.get(type_, "text") if is_primitive else _shape_of(structure, element, type_)
        nulls = is_primitive and member.is_list and not plain
        found[json_name] = Field(shape, member.is_list, is_required, nulls)
        if is_primitive and not plain:
            found["_" + json_name] = Field("Element", member.is_list, nulls=nulls)
    return found


def _shape_of(structure: Structure, element: Element, type_: str) -> str:
    if element.content_reference is not None:
        return element.content_reference.partition("#")[2]
    if structure.children.get(element.id):
        return element.id
    return _JSON.get(type_, type_)
