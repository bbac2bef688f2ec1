"""The group: its help, and the commands in it, each imported when it is named."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "list": "fhir_iop.cli.mapping.listing",
    "show": "fhir_iop.cli.mapping.show",
    "coverage": "fhir_iop.cli.mapping.coverage",
    "roundtrip": "fhir_iop.cli.mapping.roundtrip",
    "explain": "fhir_iop.cli.mapping.explain",
    "export": "fhir_iop.cli.mapping.export",
    "check": "fhir_iop.cli.mapping.check",
}


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(COMMANDS[cmd_name]).command
        return found


@click.group(cls=_Group)
def command() -> None:
    """Read, check and explain mappings: a program's records ⇄ FHIR.

    A mapping is a YAML file, one a kind of record, one line a field:

    \b
      status <-> status | codes(status)      both ways, by a table of codes
      written <-> authoredOn | time          a time gets its offset
      intent = order                         a constant
      race -> extension(race).extension(text).valueString | words(race)     one way
      each: steps <-> dosageInstruction      a list, with rules of its own

    The form is a JSON Schema, mappings/mapping.schema.json: an editor completes it. Ours lie in mappings/. A site's
    own lie in a folder that FHIR_IOP_SITE_MAPPINGS names: a kind of record of its own, a file of the same name in the
    place of ours, or an overlay that adds to ours and takes away from it:

    \b
      extends: prescription.yaml
      fields: {cost_center: {type: string}}
      drop: {notes: they stay in our own files}
      to:
        - without: ["notes[] <-> note[].text"]
          rules:
            - cost_center <-> insurance.display

    \b
    Examples:    fhir-iop mapping list
                 fhir-iop mapping show prescription
                 fhir-iop mapping coverage prescription
                 fhir-iop mapping check our-mappings/
    """
