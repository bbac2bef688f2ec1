"""No line of a mapping can be taken out or changed unnoticed; the usual run tries some, `-m slow` all."""

import pytest

from fhir_iop.mapping import Mappings
from tests.mapping.mutation import change, is_missed, lines, survivors
from tests.mapping.tables import KEPT, tables

SHARE = 61


@pytest.mark.parametrize("line", list(lines())[::SHARE], ids=lambda line: f"{line.file}:{line.number}")
def test_some_lines_are_missed(line) -> None:
    assert is_missed(line), line.text
    assert is_missed(line, change(line)), change(line)


def test_tables_are_as_they_are_kept(mappings: Mappings) -> None:
    found = {kind: tables(mappings)[kind] for kind in KEPT}
    assert found == KEPT, "read what changed; `python -m tests.mapping.tables` writes them anew"


@pytest.mark.slow
def test_every_line_is_missed() -> None:
    assert survivors() == []
