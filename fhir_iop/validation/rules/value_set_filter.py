"""What a ValueSet's filter compares with is a value that the code system's property can have.

https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter.value. What a property is, its code
system says where that is at hand whole, else the standard (rules/code_system.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.validation.codes import is_unknown, quoted
from fhir_iop.validation.rules.code_system import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_PATHS: Final = frozenset({"ValueSet.compose.include", "ValueSet.compose.exclude"})
_BY_CODE: Final = frozenset({"is-a", "descendent-of", "is-not-a", "generalizes"})
_BOOLEANS: Final = frozenset({"true", "false"})


def applies(expected: Expected) -> bool:
    """Whether values are what a ValueSet includes or excludes."""
    return expected.views[0].element.path in _PATHS


def quick(expected: Expected) -> Test:
    """Return whether nothing is filtered."""
    del expected
    return lambda value: "filter" not in value


def find(item: Item) -> Iterator[Finding]:
    """Yield `filter-boolean` and `filter-code` at the value of a filter."""
    system = item.value.get("system") if isinstance(item.value, dict) else None
    if not isinstance(system, str):
        return
    for filter_ in item.children.get(item.expected.members["filter"], ()):
        if not filter_.fits:
            continue
        name, op, value = (filter_.value.get(part) for part in ("property", "op", "value"))
        if isinstance(name, str) and isinstance(op, str) and isinstance(value, str):
            yield from _check(filter_, system, name, op, value)


def _check(filter_: Item, system: str, name: str, op: str, value: str) -> Iterator[Finding]:
    definitions = filter_.expected.expectations.definitions
    kind = _types(definitions.resource(system, "CodeSystem")).get(name) or TYPES.get(name)
    place = filter_.place_of("value")
    if op == "=" and kind == "boolean" and value not in _BOOLEANS:
        yield filter_.found("filter-boolean", place=place, name=quoted([(None, name)]))
        return
    code: tuple[str, str] | None = None
    if op in _BY_CODE or (op == "=" and kind == "code"):
        code = system, value
    elif op == "=" and kind == "Coding" and "#" in value:
        where, _, one = value.partition("#")
        code = where, one
    if code is not None and is_unknown(definitions, *code):
        where, one = (quoted([(None, part)]) for part in code)
        yield filter_.found("filter-code", place=place, code=one, system=where)


def _types(code_system: dict[str, Any] | None) -> dict[str, str]:
    """Return the types of the properties that a code system defines, by code."""
    properties = code_system.get("property") if code_system is not None else None
    return {
        one["code"]: one["type"]
        for one in (properties if isinstance(properties, list) else ())
        if isinstance(one, dict) and isinstance(one.get("code"), str) and isinstance(one.get("type"), str)
    }
