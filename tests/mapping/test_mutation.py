"""No line of a mapping can be taken out unnoticed; the usual run tries some, `-m slow` all."""

import pytest

from tests.mapping.mutation import is_missed, lines, survivors

SHARE = 61


@pytest.mark.parametrize("line", list(lines())[::SHARE], ids=lambda line: f"{line.file}:{line.number}")
def test_some_lines_are_missed(line) -> None:
    assert is_missed(line), line.text


@pytest.mark.slow
def test_every_line_is_missed() -> None:
    assert survivors() == []
