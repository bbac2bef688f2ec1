"""Every file of `examples/` that follows from others, but for `errors/` (`tests.web.golden`) and the guide's."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.examples.bulk import bulk
from tests.examples.golden import golden
from tests.examples.index import page
from tests.examples.stories import BY_HAND, EXAMPLES, RECORDS, STORY

if TYPE_CHECKING:
    from pathlib import Path

INDEX = EXAMPLES / "README.md"


def written_by_hand(path: Path) -> bool:
    """Whether a file of a story is one of those that the others follow from."""
    return path.name in {RECORDS, BY_HAND, STORY}


@cache
def made() -> dict[Path, bytes]:
    """Return the files by path."""
    stories = dict(golden())
    ndjson = bulk(stories)
    return stories | ndjson | {INDEX: page(stories, ndjson).encode()}
