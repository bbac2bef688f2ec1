"""`fhir-iop fhirpath`: evaluate a FHIRPath expression on resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.cli.sources import Text
    from fhir_iop.fhirpath import Expression, FhirPathError, TypedValue

EMPTY = "{}"


@click.command()
@click.argument("expression", metavar="EXPR")
@click.argument("file", required=False)
@click.option("--type", "start", metavar="T", help="Check EXPR against this type, and take only resources of it.")
@click.option("--explain", is_flag=True, help="Show the Python source that EXPR is compiled to.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, expression: str, file: str | None, start: str | None, explain: bool, form: str) -> None:
    """Evaluate the FHIRPath expression EXPR on FILE and print each value with its type.

    FILE holds one resource as JSON, or one a line (NDJSON); - is standard input. A Bundle stands for the resources of
    its entries; with --type Bundle it is the resource itself. Without FILE, EXPR is only compiled for --type.

    \b
    Examples:    fhir-iop fhirpath "name.given" patient.json
                 fhir-iop fhirpath "dosageInstruction.text" --type MedicationRequest bundle.json
    Exit status: 0 evaluated, 1 it failed on some resource, 2 EXPR is illegal or FILE can't be read.
    """
    from fhir_iop.fhirpath import FhirPathError

    if file is None and start is None:
        raise click.UsageError("Give a FILE to evaluate on, or a --type to compile for.")
    show = _as_json if form == "json" else _as_text
    compiled = _Compiled(expression, explain=explain)
    if start:
        compiled.on(start)
    failed = False
    for resource in _chosen(file, start) if file else ():
        run = compiled.on(start or resource["resourceType"])
        try:
            values = run.typed(resource)
        except FhirPathError as error:
            failed = True
            click.echo(f"{_name(resource)}: {error.message}", err=True)
        else:
            show(resource, values)
    raise SystemExit(1 if failed else 0)


class _Compiled:
    """The expression, compiled once for each type that it meets; the first time, its source is shown if asked for."""

    def __init__(self, expression: str, *, explain: bool) -> None:
        self.expression = expression
        self.explain = explain
        self.by_type: dict[str, Expression] = {}

    def on(self, start: str) -> Expression:
        """Return the expression for resources of the type ``start``; end the command where it is illegal there."""
        from fhir_iop import fhirpath

        if start not in self.by_type:
            try:
                self.by_type[start] = fhirpath.compile(self.expression, start)
            except fhirpath.FhirPathError as error:
                _refuse(self.expression, start, error)
            if self.explain:
                click.echo(self.by_type[start].source.rstrip("\n"))
                click.echo()
        return self.by_type[start]


def _refuse(expression: str, start: str, error: FhirPathError) -> NoReturn:
    """Show the faulty line with a caret under the place, and end with exit status 2."""
    if error.line and error.column:
        line = expression.splitlines()[error.line - 1] if expression else ""
        click.echo(line, err=True)
        # tabs stay tabs, so that the caret stands right whatever their width
        click.echo("".join("\t" if sign == "\t" else " " for sign in line[: error.column - 1]) + "^", err=True)
    click.echo(f"{error.message} (for {start}: {error.rule})", err=True)
    raise SystemExit(2)


def _chosen(file: str, start: str | None) -> Iterator[dict[str, Any]]:
    """Yield the resources of ``file``, a Bundle's entries one by one; with ``start``, those of that type alone."""
    from fhir_iop.cli.sources import texts
    from fhir_iop.definitions import Definitions

    for text in texts(file):
        found = _decoded(text)
        for resource in _entries(found) if found.get("resourceType") == "Bundle" and start != "Bundle" else [found]:
            kind = resource.get("resourceType") if isinstance(resource, dict) else None
            if not isinstance(kind, str):
                raise click.ClickException(f"{text.file}, line {text.line}: a resource without a resourceType.")
            if start is None or Definitions.bundled().is_a(kind, start):
                yield resource


def _decoded(text: Text) -> dict[str, Any]:
    from fhir_iop.errors import BadInput
    from fhir_iop.fhir import json

    try:
        return json.decode_object(text.raw)
    except BadInput as error:
        raise click.ClickException(f"{text.file}, line {text.line}: {error}") from None


def _entries(bundle: dict[str, Any]) -> list[Any]:
    entries = bundle.get("entry")
    if not isinstance(entries, list):
        return []
    return [entry["resource"] for entry in entries if isinstance(entry, dict) and "resource" in entry]


def _name(resource: dict[str, Any]) -> str:
    kind = resource["resourceType"]
    return f"{kind}/{resource['id']}" if "id" in resource else str(kind)


def _as_text(resource: dict[str, Any], values: list[TypedValue]) -> None:
    from fhir_iop.fhir import json

    click.echo(_name(resource))
    for value in values:
        text = value.value if isinstance(value.value, str) else json.encode(value.value).decode()
        click.echo(f"  {value.type}  {text}")
    if not values:
        click.echo(f"  {EMPTY}")


def _as_json(resource: dict[str, Any], values: list[TypedValue]) -> None:
    from fhir_iop.fhir import json

    found = [{"type": value.type, "value": value.value} for value in values]
    click.echo(json.encode({"resource": _name(resource), "values": found}).decode())
