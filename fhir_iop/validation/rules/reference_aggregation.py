"""A reference leads where a profile wants it (to what is contained, bundled or elsewhere), to a version or to none.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation and `type.versioning`.
What is bundled is referenced too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir import reference as references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions.schema import ElementType
    from fhir_iop.validation.expected import Expected, View
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether a view says how its references lead."""
    return expected.type == "Reference" and any(_asked(expected))


def quick(expected: Expected) -> Test:
    """Return a test that only a Reference without a literal passes: such profiles are rare."""
    del expected
    return lambda value: "reference" not in value


def find(item: Item) -> Iterator[Finding]:
    """Yield `reference-aggregation` and `reference-versioning` at the Reference."""
    reference = item.value.get("reference") if isinstance(item.value, dict) else None
    if not isinstance(reference, str) or item.expected.type != "Reference":
        return
    for view, entry in _asked(item.expected):
        if entry.aggregation and not _ways(reference, item.frame) & set(entry.aggregation):
            yield item.found("reference-aggregation", allowed=", ".join(entry.aggregation), by=view.said_by)
        literal = references.parse(reference)
        wanted = _VERSIONED.get(entry.versioning)
        if literal is not None and wanted is not None and wanted is (literal.version is None):
            yield item.found("reference-versioning", asked=entry.versioning, by=view.said_by)


_VERSIONED: dict[str | None, bool] = {"specific": True, "independent": False}  # whether a version is told


def _asked(expected: Expected) -> Iterator[tuple[View, ElementType]]:
    for view, entry in expected.type_entries:
        if entry.aggregation or entry.versioning in _VERSIONED:
            yield view, entry


def _ways(reference: str, frame: Frame) -> set[str]:
    """Return the names by which aggregation can mean where a reference leads."""
    if reference.startswith("#"):
        return {"contained"}
    is_bundled = frame.entries is not None and frame.entries.find(reference, frame.root.full_url) is not None
    return {"bundled", "referenced"} if is_bundled else {"referenced"}
