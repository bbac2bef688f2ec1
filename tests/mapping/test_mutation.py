"""No line of a mapping can be taken out or changed unnoticed; the usual run tries some, `-m slow` all."""

from collections.abc import Iterator

import pytest

from fhir_iop.mapping import Mappings
from tests.mapping.mutation import Ground, Line, changes, lines, survivors
from tests.mapping.tables import KEPT, tables

SHARE = 61


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground.copied() as copied:
        yield copied


@pytest.mark.parametrize("line", list(lines())[::SHARE], ids=lambda line: f"{line.file}:{line.number}")
def test_some_lines_are_missed(line: Line, ground: Ground) -> None:
    assert [changed for changed in (None, *changes(line)) if not ground.misses(line, changed)] == []


def test_a_line_that_says_nothing_is_not_missed(ground: Ground) -> None:
    assert not ground.misses(Line("shared.yaml", 1, ""))
    assert not ground.misses(Line("shared.yaml", 1, ""), "# another comment")


def test_tables_are_as_they_are_kept(mappings: Mappings) -> None:
    found = {kind: tables(mappings)[kind] for kind in KEPT}
    assert found == KEPT, "read what changed; `python -m tests.mapping.tables` writes them anew"


@pytest.mark.slow
def test_every_line_is_missed() -> None:
    assert list(survivors()) == []
