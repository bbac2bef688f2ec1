"""What refers to a search parameter says its type as the search parameter's own definition does.

https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.searchParam.type and
https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.derivedFrom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

# The element that says a type → its property that names the definition.
_DEFINITION: Final = {
    "SearchParameter": "derivedFrom",
    "CapabilityStatement.rest.resource.searchParam": "definition",
}


def applies(expected: Expected) -> bool:
    """Whether values are search parameters, or a server's word on one."""
    return expected.views[0].element.path in _DEFINITION


def quick(expected: Expected) -> Test:
    """Return whether no definition is named."""
    name = _DEFINITION[expected.views[0].element.path]
    return lambda value: name not in value


def find(item: Item) -> Iterator[Finding]:
    """Yield `search-parameter-type` where the two differ."""
    canonical, found = item.value.get(_DEFINITION[item.expected.views[0].element.path]), item.value.get("type")
    if not isinstance(canonical, str) or not isinstance(found, str):
        return
    expected = _type(item, canonical.partition("|")[0])
    if expected is not None and expected != found:
        yield item.found(
            "search-parameter-type", place=item.place_of("type"), definition=canonical, found=found, expected=expected
        )


def _type(item: Item, url: str) -> str | None:
    definitions = item.expected.expectations.definitions
    for base in _bases(item, definitions):
        for parameter in definitions.search_parameters(base).values():
            if parameter.url == url:
                return parameter.type
    return None


def _bases(item: Item, definitions: Definitions) -> list[str]:
    """Return the resource types that the search parameter may be one of."""
    outer = item.up.value if item.up is not None else {}
    bases: Any = item.value.get("base") if item.up is None or item.expected.is_resource else [outer.get("type")]
    names = [base for base in bases if isinstance(base, str)] if isinstance(bases, list) else []
    return [name for name in names if name in definitions.resource_types]
