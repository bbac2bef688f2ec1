"""A StructureDefinition's differential can be laid over its base, and its slices can be told apart.

https://hl7.org/fhir/R4/profiling.html: what a differential may not change; each discriminator leads to an element
(https://hl7.org/fhir/R4/profiling.html#discriminator).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fhir_iop.definitions.snapshot import generate
from fhir_iop.fhir import reference as references
from fhir_iop.validation.discriminators import leads_somewhere
from fhir_iop.validation.item import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions.schema import Structure
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Item
    from fhir_iop.validation.rule import Test

_AT_ELEMENT = re.compile(r"StructureDefinition\.differential\.element\[([0-9]+)\]")


def applies(expected: Expected) -> bool:
    """Whether values are StructureDefinitions."""
    return expected.type == "StructureDefinition"


def quick(expected: Expected) -> Test:
    """Return a test that no StructureDefinition passes: its snapshot must be made."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `snapshot-…` where the differential breaks its base, `discriminator-path` for one that leads nowhere."""
    circle = _circle(item)
    if circle is not None:
        yield item.found("snapshot-circle", place=item.place_of("baseDefinition"), profile=circle[0], base=circle[1])
        return
    if item.value.get("differential") is None or item.value.get("derivation") != "constraint":
        return
    try:
        structure = generate(item.value, item.expected.expectations.definitions)
    except (AttributeError, KeyError, TypeError, ValueError):
        return  # it lacks what every StructureDefinition has: the rules of form tell that
    for issue in structure.issues:
        at = _AT_ELEMENT.fullmatch(issue.expression)
        path = () if at is None else ("differential", "element", int(at[1]))
        expression = item.place.expression + issue.expression.removeprefix("StructureDefinition")
        yield Finding(replace(issue, expression=expression), item.place.json_path + path)
    yield from _discriminators(item, structure)


def _circle(item: Item) -> tuple[str, str] | None:
    """Return the url of a definition that derives from itself, and of what it does so by; None where it doesn't."""
    definitions = item.expected.expectations.definitions
    url, base = item.value.get("url"), item.value.get("baseDefinition")
    if not isinstance(url, str) or not isinstance(base, str):
        return None
    passed: list[str] = []
    canonical: str | None = base
    while canonical is not None and canonical not in passed:
        if references.canonical(canonical)[0] == url:
            return url, base
        passed.append(canonical)
        structure = definitions.structure(canonical)
        canonical = structure.base if structure is not None else None
    return None


def _discriminators(item: Item, structure: Structure) -> Iterator[Finding]:
    """Follow the discriminators of slicings that the differential itself defines, each in the element's definition."""
    expectations = item.expected.expectations.apart()  # this definition is data: nobody else is held to it
    differential = item.place.down("differential", "differential")
    for index, said in enumerate(item.value["differential"].get("element", ())):
        name = said.get("id") or said.get("path")
        element = structure.by_id.get(name) if isinstance(name, str) else None
        if element is None or element.slicing is None or "slicing" not in said:
            continue
        view = expectations.view(structure, element)
        for discriminator in element.slicing.discriminators:
            if isinstance(discriminator.path, str) and not leads_somewhere(expectations, view, discriminator):
                place = differential.down("element", "element", index)
                yield item.found("discriminator-path", place=place, path=discriminator.path, element=element.id)
