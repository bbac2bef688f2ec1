"""A MeasureReport reports the groups, populations and score of its Measure.

https://hl7.org/fhir/R4/measurereport.html and https://hl7.org/fhir/R4/measure-definitions.html#Measure.group. The
Measure comes from a loaded package or from where references are looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.codes import ABSOLUTE_URI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_SCORING = "http://terminology.hl7.org/CodeSystem/measure-scoring"


def applies(expected: Expected) -> bool:
    """Whether values are MeasureReports."""
    return expected.type == "MeasureReport"


def quick(expected: Expected) -> Test:
    """Return a test that no report passes: they are rare."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `measure-…` where a report differs from its Measure; `measure-unknown` where that isn't at hand."""
    canonical = item.value.get("measure")
    if not isinstance(canonical, str) or not ABSOLUTE_URI.fullmatch(canonical):
        return  # rules/canonical.py, rules/reference_resolution.py
    definitions = item.expected.expectations.definitions
    measure = definitions.resource(canonical, "Measure") or item.frame.resolve(canonical)
    groups = item.children.get(item.expected.members["group"], [])
    yield from _subjects(item, groups)
    if measure is None or measure.get("resourceType") != "Measure":
        yield item.found("measure-unknown", place=item.place_of("measure"), canonical=canonical)
        return
    yield from _groups(item, groups, measure, canonical)


def _subjects(report: Item, groups: Sequence[Item]) -> Iterator[Finding]:
    if report.value.get("type") == "subject-list":
        return
    for group in groups:
        for population in _children(group, "population"):
            if isinstance(population.value, dict) and "subjectResults" in population.value:
                yield population.found(
                    "measure-subjects", place=population.place_of("subjectResults"), by=report.value["measure"]
                )


def _groups(report: Item, groups: Sequence[Item], measure: dict[str, Any], by: str) -> Iterator[Finding]:
    defined = _objects(measure.get("group"))
    reported = set()
    for group in groups:
        index = _defined_as(group.value, defined, is_only=len(groups) == len(defined) == 1)
        if index is None:
            has_code = isinstance(group.value, dict) and "code" in group.value
            yield group.found("measure-group" if has_code else "measure-group-code", by=by)
            continue
        reported.add(index)
        yield from _populations(group, defined[index], by)
        if "measureScore" in group.value and _has(measure.get("scoring"), _SCORING, "cohort"):
            yield group.found("measure-score", place=group.place_of("measureScore"), by=by)
    if groups and len(reported) < len(defined) and len(groups) >= len(defined) > 1:
        yield report.found("measure-group-missing", by=by)


def _populations(group: Item, defined: dict[str, Any], by: str) -> Iterator[Finding]:
    wanted = [population.get("code") for population in _objects(defined.get("population"))]
    for population in _children(group, "population"):
        code = population.value.get("code") if isinstance(population.value, dict) else None
        if code is not None and not any(_same(code, one) for one in wanted):
            yield population.found("measure-population", by=by)


def _defined_as(group: Any, defined: Sequence[dict[str, Any]], *, is_only: bool) -> int | None:
    """Return which group of the Measure is reported: the one of the same code; an only one needs none."""
    code = group.get("code") if isinstance(group, dict) else None
    if code is None:
        return 0 if is_only else None
    return next((index for index, one in enumerate(defined) if _same(code, one.get("code"))), None)


def _same(left: Any, right: Any) -> bool:
    """Whether two concepts share a coding or, where they have none, the text."""
    codings = _codes(left), _codes(right)
    if all(codings):
        return bool(codings[0] & codings[1])
    return isinstance(left, dict) and isinstance(right, dict) and left.get("text") == right.get("text")


def _codes(concept: Any) -> set[tuple[Any, Any]]:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    return {
        (coding.get("system"), coding.get("code"))
        for coding in _objects(codings)
        if isinstance(coding.get("system"), str) and isinstance(coding.get("code"), str)
    }


def _has(concept: Any, system: str, code: str) -> bool:
    return (system, code) in _codes(concept)


def _children(item: Item, name: str) -> Sequence[Item]:
    return item.children.get(item.expected.members[name], ())


def _objects(values: Any) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
