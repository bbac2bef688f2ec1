"""Every table of codes that rules use, as the mappings have it: what golden files can't show whole.

python -m tests.mapping.tables    writes tables.json anew, to be read before it is committed
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fhir_iop import data
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.functions.codes import Codes, Words
from fhir_iop.mapping.functions.quantities import UNITS, Unit
from tests.mapping.conftest import load

FILE = Path(__file__).with_name("tables.json")
KEPT: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def tables(mappings: Mappings) -> dict[str, dict[str, dict[str, Any]]]:
    """Return, by kind of record and table, each word with its system, code and display."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for kind in mappings.kinds:
        plan = mappings.compiled(kind).plan
        used = {leaf.function.call.arguments[0] for leaf in plan.leaves if isinstance(leaf.function, Codes | Words)}
        units = {leaf.function.call.arguments[0] for leaf in plan.leaves if isinstance(leaf.function, Unit)}
        known = plan.context.names.codes
        found[kind] = {name: _entries(known[name].entries) for name in sorted(used)}
        if units:
            entries = {word: coded for word, coded in known[UNITS].entries.items() if word in units}
            found[kind][UNITS] = _entries(entries)
    return found


def are_kept(mappings: Mappings) -> bool:
    """Whether the tables are as they are kept; of a kind that isn't kept yet, mutations tell that nothing is."""
    found = tables(mappings)
    return all(found.get(kind) == kept for kind, kept in KEPT.items())


def _entries(entries: dict[str, Any]) -> dict[str, Any]:
    return {word: [coded.system, coded.code, coded.display] for word, coded in entries.items()}


if __name__ == "__main__":
    made = tables(load(data.folder("mappings")))
    FILE.write_text(json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
