"""SARIF 2.1.0 for code hosts: one run (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

The run's results come first and its rules last, for only then is it known which were broken: a document of any number
of findings is written as they are found.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from fhir_iop.fhir import json
from fhir_iop.wording import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fhir_iop.cli.validate.text import Text
    from fhir_iop.fhir.xml import Types
    from fhir_iop.issue import Issue

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"fatal": "error", "error": "error", "warning": "warning", "information": "note"}
_FACT: Final = re.compile(r"\{(\w+)\}")


class Sarif:
    """One SARIF document with one run."""

    head: ClassVar = (
        b'{"$schema":' + json.encode(_SCHEMA) + b',"version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints",'
        b'"results":[\n'
    )
    between: ClassVar = b",\n"
    tells_all: ClassVar = False
    lists_rules: ClassVar = True

    def told(self, text: Text, shown: Sequence[Issue], hidden: int, types: Types) -> list[bytes]:
        """See :class:`Format`."""
        del hidden, types
        return [json.encode(_result(text.file, found)) for found in shown]

    def tail(self, rules: Mapping[str, Issue]) -> bytes:
        """See :class:`Format`."""
        from importlib.metadata import version

        driver = {
            "name": "fhir-iop",
            "version": version("fhir-iop"),
            "rules": [_rule(rule, rules[rule]) for rule in sorted(rules)],
        }
        return b'\n],"tool":' + json.encode({"driver": driver}) + b"}]}\n"


def _result(file: str, found: Issue) -> dict[str, Any]:
    region = {"startLine": found.line or 1}
    if found.column:
        region["startColumn"] = found.column
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}
    if found.expression:
        location["logicalLocations"] = [{"fullyQualifiedName": found.expression, "kind": "element"}]
    return {
        "ruleId": found.rule,
        "level": _LEVELS[found.severity],
        "message": {"text": found.details},
        "locations": [location],
    }


def _rule(rule: str, first: Issue) -> dict[str, Any]:
    """Describe a rule: as the catalogue words it with the facts' names for the facts; an invariant in its own words."""
    wording = CATALOGUE.get(rule)
    words = _FACT.sub(r"<\1>", wording.words) if wording else first.details
    page = {"helpUri": wording.page} if wording and wording.page and "{" not in wording.page else {}
    return {
        "id": rule,
        **page,
        "shortDescription": {"text": words},
        "help": {"text": words},
        "defaultConfiguration": {"level": _LEVELS[wording.severity if wording else first.severity]},
        "properties": {"tags": ["FHIR", wording.code if wording else first.code]},
    }


def _uri(file: str) -> str:
    """Return a file's URI, relative to the working folder where it lies within."""
    from urllib.parse import quote

    path = Path(os.path.normpath(Path.cwd() / file))
    if path.is_relative_to(Path.cwd()):
        return quote(os.fsencode(path.relative_to(Path.cwd()).as_posix()), safe="/!")
    return f"file://{quote(os.fsencode(path.as_posix()), safe='/!')}"
