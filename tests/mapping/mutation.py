"""Take each line out of each mapping, and change each: where nobody notices, the line is dead, or its test is.

python -m tests.mapping.mutation [SHARE]    tries one line in SHARE (1: all), and prints the survivors

A change is a small one that still reads as a line: an arrow turned either way, a condition turned round, a code, a
display, a constant, an address or a word with a letter more.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

from fhir_iop import data
from fhir_iop.errors import FhirIopError
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings, loading
from fhir_iop.mapping.checks import check
from fhir_iop.mapping.document import Located, Place, Problems
from fhir_iop.mapping.functions import Context
from fhir_iop.mapping.plan import Plan, Planner
from tests.mapping.altering import GOLDEN, kept, silent, spare
from tests.mapping.conftest import load
from tests.mapping.tables import are_kept

ARROWS = ("<->", "->", "<-")
CODED = re.compile(r'[\w-]+#(?P<code>[^\s",\]}]+)(?:\s+"(?P<display>[^"]*)")?')
INCLUDED = re.compile(r"^include: \[(.*)\]", re.MULTILINE)


class Line(NamedTuple):
    """One line of one mapping, counted from 1; ``whole`` with its indentation."""

    file: str
    number: int
    whole: str

    @property
    def text(self) -> str:
        """What it says."""
        return self.whole.strip()


def lines() -> Iterator[Line]:
    """Give every line that says something: comments and empty lines don't."""
    for file in sorted(data.folder("mappings").glob("*.yaml")):
        for number, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            if text.strip() and not text.lstrip().startswith("#"):
                yield Line(file.name, number, text)


def changes(line: Line) -> list[str]:
    """Return the line with something small changed, in each way that fits it."""
    whole = line.whole
    if not line.text.startswith(("- each:", "- with:")):
        arrow = next((arrow for arrow in ARROWS if f" {arrow} " in whole), None)
        if arrow is not None:
            return [whole.replace(f" {arrow} ", f" {other} ", 1) for other in ARROWS if other != arrow]
    if line.text.startswith("- when:"):
        old, new = ("when: not ", "when: ") if "when: not " in whole else ("when: ", "when: not ")
        return [whole.replace(old, new, 1)]
    ends = [coded.end(part) for coded in CODED.finditer(whole) for part in ("code", "display") if coded[part]]
    return [f"{whole[:end]}x{whole[end:]}" for end in ends or [_end(whole)]]


def _end(whole: str) -> int:
    """Return where the line's last word ends."""
    return max(place for place, sign in enumerate(whole, 1) if sign.isalnum())


class Ground:
    """A copy of the mappings in which lines are changed, one at a time.

    Only the kinds of records whose files are touched are resolved anew and looked at; the others are as they were,
    for of each other they know the parts alone (`Role`): where those change, all are resolved.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._uses = {path.name: _included(path) for path in folder.glob("*.yaml")}
        self._golden = {path.stem: json.decode_object(path.read_bytes()) for path in GOLDEN}
        self._spare = kept()
        mappings = load(folder)
        self._plans = {kind: mappings.compiled(kind).plan for kind in mappings.kinds}
        self._parts = _parts(next(iter(self._plans.values())).context)

    @classmethod
    @contextmanager
    def copied(cls) -> Iterator[Ground]:
        """Copy the mappings into a folder of their own."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "mappings"
            shutil.copytree(data.folder("mappings"), folder)
            yield cls(folder)

    def misses(self, line: Line, changed: str | None = None) -> bool:
        """Whether the mappings without ``line``, or with ``changed`` instead of it, don't load, or are seen to differ.

        They differ where a golden file is mapped otherwise, there or back, where a table of codes isn't as it is kept,
        or where the way back doesn't notice a change, or needs other elements.
        """
        file = self._folder / line.file
        whole = file.read_text("utf-8")
        texts = whole.splitlines(keepends=True)
        texts[line.number - 1 : line.number] = [] if changed is None else [changed + "\n"]
        file.write_text("".join(texts), "utf-8")
        try:
            with patch.multiple(loading, Planner=self._planner(line.file), check=self._check):
                mappings = load(self._folder)
        except FhirIopError:
            return True
        finally:
            file.write_text(whole, "utf-8")
        touched = {name: one for name, one in self._golden.items() if not self._is_kept(mappings, _kind(one))}
        return (
            not are_kept(mappings)
            or any(differs(mappings, golden) for golden in touched.values())
            or any(silent(mappings, golden) for golden in touched.values())
            or any(spare(mappings, golden) != self._spare[name] for name, golden in touched.items())
        )

    def _is_kept(self, mappings: Mappings, kind: str) -> bool:
        return kind in mappings.kinds and mappings.compiled(kind).plan is self._plans[kind]

    def _planner(self, touched: str) -> Callable[[Located, str, Context], Any]:
        def planner(document: Located, file: str, context: Context) -> Any:
            plan = self._plans.get(context.kind)
            same = touched not in self._uses[file] and _parts(context) == self._parts
            return SimpleNamespace(run=lambda: plan) if plan and same else Planner(document, file, context)

        return planner

    def _check(self, plan: Plan, place: Place, problems: Problems) -> None:
        if plan is not self._plans.get(plan.kind):
            check(plan, place, problems)


def _parts(context: Context) -> dict[str, Any]:
    """Return what kinds of records know of each other: the parts of each, and the base of all identifiers."""
    kinds = {
        kind: {name: (role.resource, role.many, role.key) for name, role in roles.items()}
        for kind, roles in context.kinds.items()
    }
    return {**kinds, "": context.sid}


def _included(path: Path) -> set[str]:
    """Return the names of a mapping's file and of all that it includes."""
    found = INCLUDED.search(path.read_text("utf-8"))
    names = [name.strip() for name in found[1].split(",")] if found else []
    return {path.name}.union(*(_included(path.with_name(name)) for name in names))


def _kind(golden: dict[str, Any]) -> str:
    kind: str = golden["record"]["record"]
    return kind


def differs(mappings: Mappings, golden: dict[str, Any]) -> bool:
    """Whether a golden record is mapped otherwise, or its resources are."""
    mapped = mappings.to_fhir(golden["record"])
    if mapped.issues or json.encode(mapped.resources) != json.encode(golden["resources"]):
        return True
    back = mappings.to_records(golden["resources"])
    return bool(back.issues) or json.encode(back.records) != json.encode([golden["record"]])


def survivors(share: int = 1) -> Iterator[tuple[Line, str | None]]:
    """Give the lines, of one in ``share``, whose removal nothing notices, or whose change (told beside)."""
    with Ground.copied() as ground:
        for line in list(lines())[::share]:
            for changed in (None, *changes(line)):
                if not ground.misses(line, changed):
                    yield line, changed


def main(share: int) -> int:
    """Print the survivors as they are found, and how many there are; return the exit status."""
    count = 0
    for line, changed in survivors(share):
        count += 1
        what = "taken out" if changed is None else f"changed to {changed.strip()}"
        print(f"{line.file}:{line.number}: {line.text}: {what}", flush=True)  # noqa: T201  # a tool tells what it found
    tried = list(lines())[::share]
    print(f"{count} survivors of {sum(1 + len(changes(line)) for line in tried)} mutations of {len(tried)} lines")  # noqa: T201  # as above
    return int(bool(count))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
