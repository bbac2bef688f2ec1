"""`fhir-iop mapping coverage`: what is done with each field, and what is filled of each profile."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from fhir_iop.cli.mapping.loaded import Settings, definitions_of, folders_of, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.reports.coverage import Coverage, ElementUse, ResourceCoverage

# A mapping that leaves something out can be reported on; one that can't be read, not.
_TOLD = frozenset({"mapping-forgotten", "mapping-required", "mapping-required-sometimes"})


@click.command()
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def command(*, name: str | None, as_json: bool) -> None:
    """Report what the mappings do with each field of a record, and what they fill of each profile.

    Of the record: fields mapped, dropped on purpose (with the reason), and forgotten. Of the profile: elements that
    are required or must be supported, filled always, sometimes (where the record has the field), or never. Without
    NAME all kinds of records are summed up and only what is amiss or never filled is named; with NAME every field and
    element is, each with the lines of its rules.

    \b
    Examples:    fhir-iop mapping coverage
                 fhir-iop mapping coverage prescription
                 fhir-iop mapping coverage --json
    Exit status: 0 nothing is forgotten and all that is required is filled, 1 otherwise, 2 it could not run.
    """
    from fhir_iop.errors import Unusable
    from fhir_iop.mapping.document import Problems
    from fhir_iop.mapping.loading import resolve
    from fhir_iop.mapping.reports.coverage import coverage

    settings = Settings.from_environment()
    problems = Problems()
    resolved = resolve(folders_of(settings), definitions_of(settings), problems)
    unreadable = [found for found in problems.found if found.rule not in _TOLD]
    if unreadable:
        raise Unusable(*unreadable)
    if name is not None:
        known(name, sorted(plan.kind for plan in resolved.plans))
    wanted = [plan for plan in resolved.plans if name in {None, plan.kind}]
    found = [coverage(plan) for plan in sorted(wanted, key=lambda plan: plan.kind)]
    if as_json:
        from fhir_iop.fhir import json

        click.echo(json.pretty([_plain(one) for one in found]))
    else:
        for one in found:
            for line in _told(one, whole=name is not None):
                click.echo(line)
    raise SystemExit(1 if any(_amiss(one) for one in found) else 0)


def _amiss(found: Coverage) -> bool:
    unfilled = (use for each in found.resources for use in each.elements if use.required and use.filled != "always")
    return any(use.is_forgotten for use in found.fields) or any(unfilled)


def _told(found: Coverage, *, whole: bool) -> Iterator[str]:
    from fhir_iop.mapping.reports.coverage import status

    counts = Counter(status(use) for use in found.fields)
    summed = ", ".join(f"{counts[word]} {word}" for word in ("mapped", "dropped", "forgotten"))
    yield f"{found.kind} ({found.file}): {len(found.fields)} fields: {summed}"
    for use in found.fields:
        said = status(use)
        if whole or said != "mapped":
            why = f": {use.reason}" if use.reason else ""
            yield f"  {said:9}  {use.path}{why}{_places(_lines(use))}"
    for each in found.resources:
        yield from _resource(each, whole=whole)
    if whole:
        yield ""


def _resource(each: ResourceCoverage, *, whole: bool) -> Iterator[str]:
    role = f" {each.role}" if each.role else ""
    sums = []
    for word, asked in (("required", _required), ("must-support", _must_support)):
        of = [use for use in each.elements if asked(use)]
        filled = Counter(use.filled for use in of)
        if of:
            sums.append(f"{word} {filled['always']} always, {filled['sometimes']} sometimes, {filled['never']} never")
    yield f"  {each.resource}{role} ({each.profile.rpartition('/')[2]}): {'; '.join(sums) or 'nothing is asked'}"
    for use in each.elements:
        if whole or use.filled == "never" or (use.required and use.filled != "always"):
            asked_for = "required" if use.required else "must-support"
            yield f"    {use.filled:9}  {use.id} ({asked_for}){_places(use.rules)}"


def _required(use: ElementUse) -> bool:
    return use.required


def _must_support(use: ElementUse) -> bool:
    return use.must_support and not use.required


def _lines(use: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{leaf.place.file}:{leaf.place.line}" for leaf in (*use.leaves, *use.decides)))


def _places(places: tuple[str, ...]) -> str:
    return f"  [{', '.join(places)}]" if places else ""


def _plain(found: Coverage) -> dict[str, Any]:
    from fhir_iop.mapping.reports.coverage import status

    fields = []
    for use in found.fields:
        field: dict[str, Any] = {"field": use.path, "status": status(use), "rules": list(_lines(use))}
        fields.append(field | ({"reason": use.reason} if use.reason else {}))
    resources = []
    for each in found.resources:
        elements = [
            {
                "element": use.id,
                "required": use.required,
                "mustSupport": use.must_support,
                "filled": use.filled,
                "rules": list(use.rules),
            }
            for use in each.elements
        ]
        resources.append({"resource": each.resource, "part": each.role, "profile": each.profile, "elements": elements})
    return {"record": found.kind, "file": found.file, "fields": fields, "resources": resources}
