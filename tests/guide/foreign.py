"""What the guide's constraints find in data that others wrote: ``python -m tests.guide.foreign SHARED`` prints it.

Every example of US Core 6.1.0 and of R4 is validated against every profile of the guide for its type, though it claims
none of them. SHARED is the folder with the official packages and R4's examples.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.archive import members
from fhir_iop.fhir import json
from fhir_iop.validation import Validator
from tests.guide.conftest import resources

SOURCES = {
    "US Core": ("packages/hl7.fhir.us.core-6.1.0.tgz", "package/example/"),
    "R4": ("conformance/r4-examples/examples.tgz", "package/"),
}
HEAD = """| constraint | severity | types | US Core: found | of | R4: found | of |
|---|---|---|---:|---:|---:|---:|
"""


@dataclass
class Row:
    """One constraint: where it stands, and which examples of each source break it, of how many."""

    severity: str
    types: set[str] = field(default_factory=set)
    found: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def examples(shared: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Go through the others' examples as (source, file, resource)."""
    for source, (archive, folder) in SOURCES.items():
        for name, raw in members((shared / archive).read_bytes(), archive):
            if name.startswith(folder) and name.endswith(".json") and not name.endswith(("package.json", "index.json")):
                resource = json.decode_object(raw)
                if "resourceType" in resource:
                    yield source, name.rpartition("/")[2], resource


def collect(shared: Path) -> tuple[dict[str, Row], dict[str, int]]:
    """Return the rows by constraint, and how many examples each source has of a type that the guide profiles."""
    definitions = Definitions.bundled()
    validator = Validator(definitions)
    rows: dict[str, Row] = {}
    profiles: dict[str, list[str]] = defaultdict(list)  # of the guide, by type
    standing: dict[str, set[str]] = defaultdict(set)  # the keys of their constraints
    for each in resources():
        if each["resourceType"] != "StructureDefinition" or each["type"] == "Extension":
            continue
        structure = definitions.structure(each["url"])
        assert structure is not None, each["url"]
        profiles[each["type"]].append(each["url"])
        for element in structure.elements:
            for constraint in element.constraints:
                if constraint.key.startswith("iop-"):
                    standing[each["type"]].add(constraint.key)
                    rows.setdefault(constraint.key, Row(constraint.severity)).types.add(each["type"])
    counts: dict[str, int] = dict.fromkeys(SOURCES, 0)
    for source, name, resource in examples(shared):
        type_ = resource["resourceType"]
        counts[source] += type_ in profiles
        if not standing[type_]:
            continue
        found = {each.rule for each in validator.validate(resource, profiles[type_])}
        for key in standing[type_]:
            rows[key].of[source].add(name)
            if key in found:
                rows[key].found[source].add(name)
    return rows, counts


def table(rows: dict[str, Row], counts: dict[str, int]) -> str:
    """Write the counts and the rows in Markdown."""
    told = " and ".join(f"{count} examples of {source}" for source, count in counts.items())
    lines = [
        f"| {key} | {row.severity} | {_types(row.types)} | "
        + " | ".join(f"{len(row.found[source])} | {len(row.of[source])}" for source in SOURCES)
        + " |\n"
        for key, row in sorted(rows.items(), key=lambda each: _number(each[0]))
    ]
    return f"{told}:\n\n{HEAD}{''.join(lines)}"


def _number(key: str) -> tuple[str, int]:
    name, _, number = key.rpartition("-")
    return name, int(number)


def _types(types: set[str]) -> str:
    return f"{len(types)} types" if len(types) > 3 else ", ".join(sorted(types))


if __name__ == "__main__":
    sys.stdout.write(table(*collect(Path(sys.argv[1]))))
