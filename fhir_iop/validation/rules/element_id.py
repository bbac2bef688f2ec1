"""An element's id is its own within the resource (https://hl7.org/fhir/R4/element-definitions.html#Element.id)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item


def applies(expected: Expected) -> bool:
    """Whether values may have an id that no other element has.

    An ElementDefinition's id is its own in the snapshot or the differential, which sdf-16 and sdf-17 ask for.
    """
    return not expected.is_resource and "id" in expected.members and expected.type != "ElementDefinition"


def find(item: Item) -> Iterator[Finding]:
    """Yield `element-id-twice` at an element whose id came before."""
    id_ = item.content.get("id")
    if isinstance(id_, str) and item.frame.by_element_id.get(id_, item.content) is not item.content:
        yield item.found("element-id-twice", place=item.place_of("id"))
