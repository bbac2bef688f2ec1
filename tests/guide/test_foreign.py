"""What the guide's constraints find in US Core's and R4's own examples is what was looked through by hand."""

from pathlib import Path

import pytest

from tests.guide import foreign
from tests.guide.conftest import HERE


@pytest.mark.shared
def test_the_table_of_what_they_find_is_still_so(shared: Path) -> None:
    assert foreign.table(*foreign.collect(shared)) in (HERE / "foreign.md").read_text("utf-8")
