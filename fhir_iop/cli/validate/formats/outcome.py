"""OperationOutcomes for those who speak FHIR: one a line and resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.cli.validate.formats.format import LineFormat
from fhir_iop.cli.validate.formats.json import encodable
from fhir_iop.fhir import json
from fhir_iop.fhir.outcome import operation_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.cli.validate.text import Text
    from fhir_iop.fhir.xml import Types
    from fhir_iop.issue import Issue


class Outcome(LineFormat):
    """One OperationOutcome a line and resource, right or wrong; ``diagnostics`` says file, line and column."""

    tells_all = True

    def told(self, text: Text, shown: Sequence[Issue], hidden: int, types: Types) -> list[bytes]:
        """See :class:`Format`."""
        del types
        outcome = operation_outcome(shown)
        if hidden and not shown:
            outcome["issue"][0]["details"]["text"] = f"No issue is as grave as asked for; of others there are {hidden}."
        for told, found in zip(outcome["issue"], shown, strict=False):
            column = f", column {found.column}" if found.column else ""
            told["diagnostics"] = f"{encodable(text.file)}, line {found.line}{column}"
        return [json.encode(outcome) + b"\n"]
