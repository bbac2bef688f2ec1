"""`fhir-iop mapping roundtrip`: which fields come back from FHIR as they were, proved and then tried."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from fhir_iop.cli.mapping.loaded import Settings, known, mappings_of

if TYPE_CHECKING:
    from fhir_iop.mapping.reports.roundtrip import Return, Tried


@click.command()
@click.argument("name", required=False, metavar="[NAME]")
@click.option(
    "--records", "count", type=click.IntRange(0), default=100, show_default=True, help="Try this many a kind."
)
@click.option("--seed", type=int, default=0, show_default=True, help="The number that the first record is made from.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def command(*, name: str | None, count: int, seed: int, as_json: bool) -> None:
    """Tell which fields of a record come back from FHIR exactly, which don't, and why; then try it.

    Proved from the rules: a two-way rule whose table has no code twice, whose element no other rule writes, and whose
    items can be told from others, returns what it was given. In normal form means that it says the same: a time with
    its seconds and offset, a field left out that says what its absence says.

    Tried: records are made at random from the schema, mapped, mapped back and compared. Where one differs, the fields
    are named, and the number that makes the record again (--seed N --records 1).

    \b
    Examples:    fhir-iop mapping roundtrip
                 fhir-iop mapping roundtrip prescription --records 1000
    Exit status: 0 every record that was tried came back, 1 one didn't, 2 it could not run.
    """
    from fhir_iop.mapping.reports.roundtrip import proved, tried

    mappings = mappings_of(Settings.from_environment())
    kinds = mappings.kinds if name is None else [known(name, mappings.kinds)]
    report: list[dict[str, Any]] = []
    failed = False
    for kind in kinds:
        returns = proved(mappings.compiled(kind).plan)
        try:
            found = tried(mappings, kind, count, seed)
        except ValueError:
            words = f"No record of the kind `{kind}` can be made: a pattern or a condition of its schema is too hard."
            raise click.ClickException(words) from None
        failed = failed or found.same < found.count
        if as_json:
            report.append(_plain(kind, returns, found))
        else:
            _tell(kind, returns, found, whole=name is not None)
    if as_json:
        from fhir_iop.fhir import json

        click.echo(json.pretty(report))
    raise SystemExit(1 if failed else 0)


def _tell(kind: str, returns: list[Return], found: Tried, *, whole: bool) -> None:
    counts = Counter(one.comes for one in returns)
    proved = f"{counts['exactly']} exactly, {counts['in normal form']} in normal form, {counts['not']} not"
    click.echo(
        f"{kind}: {len(returns)} fields come back: {proved}; tried with {found.count} records: {found.same} the same"
    )
    for one in returns:
        if whole or one.comes == "not":
            why = f": {one.why}" if one.why else ""
            places = f"  [{', '.join(one.rules)}]" if one.rules else ""
            click.echo(f"  {one.comes:14}  {one.path}{why}{places}")
    for path, times in found.differing.items():
        click.echo(f"  differed in {times} records: {path}")
    if found.seeds:
        click.echo(f"  made from: {', '.join(map(str, found.seeds[:10]))}")


def _plain(kind: str, returns: list[Return], found: Tried) -> dict[str, Any]:
    fields = [{"field": one.path, "comes": one.comes, "why": one.why, "rules": list(one.rules)} for one in returns]
    told = {"records": found.count, "same": found.same, "differing": found.differing, "seeds": list(found.seeds)}
    return {"record": kind, "fields": fields, "tried": told}
