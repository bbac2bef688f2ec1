"""Take each line out of each mapping: one that nobody misses is dead, or its test is.

python -m tests.mapping.mutation [SHARE]    tries one line in SHARE (1: all), and prints the survivors
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


def is_missed(line: Line) -> bool:
    """Whether the mappings without ``line`` don't load, or map a golden file otherwise, there or back."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "mappings"
        shutil.copytree(data.folder("mappings"), folder)
        kept = (folder / line.file).read_text("utf-8").splitlines(keepends=True)
        del kept[line.number - 1]
        (folder / line.file).write_text("".join(kept), "utf-8")
        try:
            mappings = load(folder)
        except FhirIopError:
            return True
        return any(differs(mappings, path) for path in GOLDEN)


def differs(mappings: Mappings, path: Path) -> bool:
    golden = json.decode_object(path.read_bytes())
    mapped = mappings.to_fhir(golden["record"])
    if json.encode(mapped.resources) != json.encode(golden["resources"]):
        return True
    return json.encode(mappings.to_records(golden["resources"]).records) != json.encode([golden["record"]])


def survivors(share: int = 1) -> list[Line]:
    """Return the lines, of one in ``share``, whose removal nothing notices."""
    tried = list(lines())[::share]
    with ProcessPoolExecutor() as pool:
        return [line for line, missed in zip(tried, pool.map(is_missed, tried, chunksize=4), strict=True) if not missed]


if __name__ == "__main__":
    found = survivors(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    for line in found:
        print(f"{line.file}:{line.number}: {line.text}")  # noqa: T201  # a tool tells what it found
    print(f"{len(found)} lines could be taken out, of {sum(1 for _ in lines())}")  # noqa: T201
    sys.exit(bool(found))
