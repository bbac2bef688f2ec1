"""Where we differ from the reference validator on purpose: the reasons, one a case, from ``differences.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Suite = Literal["examples", "validator"]


@cache
def _reasons() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("differences.toml").read_text("utf-8"))


def reason(suite: Suite, case: str) -> str | None:
    """Return why we differ on a case of ``suite``, or None where we mean to agree. It is counted all the same."""
    return _reasons().get(suite, {}).get(case)
