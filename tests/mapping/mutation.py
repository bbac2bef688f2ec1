"""Take each line out of each mapping, and change each: where nobody notices, the line is dead, or its test is.

python -m tests.mapping.mutation [SHARE]    tries one line in SHARE (1: all), and prints the survivors

A change is a small one that still reads as a line: an arrow turned, a constant, code, display or word with a letter
more, a slice's value or an address with another end.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from fhir_iop import data
from fhir_iop.errors import FhirIopError
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from tests.mapping.conftest import load
from tests.mapping.tables import are_kept

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


class Line(NamedTuple):
    """One line of one mapping, counted from 1."""

    file: str
    number: int
    text: str


def lines() -> Iterator[Line]:
    """Give every line that says something: comments and empty lines don't."""
    for file in sorted(data.folder("mappings").glob("*.yaml")):
        for number, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            if text.strip() and not text.lstrip().startswith("#"):
                yield Line(file.name, number, text.strip())


def is_missed(line: Line, changed: str | None = None) -> bool:
    """Whether the mappings without ``line``, or with ``changed`` instead of it, don't load, or are seen to differ.

    They differ where a golden file is mapped otherwise, there or back, or where a table of codes isn't as it is kept.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "mappings"
        shutil.copytree(data.folder("mappings"), folder)
        kept = (folder / line.file).read_text("utf-8").splitlines(keepends=True)
        kept[line.number - 1 : line.number] = [] if changed is None else [changed + "\n"]
        (folder / line.file).write_text("".join(kept), "utf-8")
        try:
            mappings = load(folder)
        except FhirIopError:
            return True
        return not are_kept(mappings) or any(differs(mappings, path) for path in GOLDEN)


def change(line: Line) -> str:
    """Return the line with something small changed, indented as it was."""
    whole = (data.folder("mappings") / line.file).read_text("utf-8").splitlines()[line.number - 1]
    if " <-> " in whole and not line.text.startswith(("- each:", "- with:")):
        return whole.replace(" <-> ", " <- ", 1)
    if " -> " in whole:
        return whole.replace(" -> ", " <- ", 1)
    end = len(whole.rstrip())
    while end > 0 and not whole[end - 1].isalnum():
        end -= 1
    return whole[:end] + "x" + whole[end:]


def differs(mappings: Mappings, path: Path) -> bool:
    golden = json.decode_object(path.read_bytes())
    mapped = mappings.to_fhir(golden["record"])
    if json.encode(mapped.resources) != json.encode(golden["resources"]):
        return True
    return json.encode(mappings.to_records(golden["resources"]).records) != json.encode([golden["record"]])


def survivors(share: int = 1) -> list[tuple[Line, str | None]]:
    """Return the lines, of one in ``share``, whose removal nothing notices, or whose change (told beside)."""
    tried: list[tuple[Line, str | None]] = []
    for line in list(lines())[::share]:
        tried += [(line, None), (line, change(line))]
    with ProcessPoolExecutor() as pool:
        missed = pool.map(is_missed, *zip(*tried, strict=True), chunksize=4)
        return [each for each, noticed in zip(tried, missed, strict=True) if not noticed]


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    found = survivors(asked)
    for line, changed in found:
        what = "taken out" if changed is None else f"changed to {changed.strip()}"
        print(f"{line.file}:{line.number}: {line.text}: {what}")  # noqa: T201  # a tool tells what it found
    count = len(list(lines())[::asked])
    print(f"{len(found)} survivors of {2 * count} mutations of {count} lines")  # noqa: T201
    sys.exit(bool(found))
