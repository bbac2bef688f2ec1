"""What proves each line of a concept, read from ``concepts.toml``, whose head says how it is written."""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.guide.conftest import HERE

_PATH = re.compile(r"[A-Za-z]+(\[[\w-]+\])?(\.[a-z]\w*(\[[\w-]+\])?)*")
WRITTEN: dict[str, dict[str, Any]] = tomllib.loads((HERE / "concepts.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Proof:
    """Expressions, each with the example it is tried on (``all``: a Bundle of them), and what it is about.

    ``of``: the elements that it is about; without those of any one group, which are alternatives, it may not hold.
    ``but`` is what mustn't be there, where the line speaks of an absence.
    """

    shows: tuple[tuple[str, str], ...]
    of: tuple[tuple[str, ...], ...] = ()
    but: dict[str, Any] = field(default_factory=dict)


def proof(concept: str, line: Any, path: str) -> Proof:
    """Read one line; ``path`` is the concept's own word for the element."""
    told = line if isinstance(line, dict) else {"shows": line}
    shows = told["shows"] if isinstance(told["shows"], list) else [told["shows"]]
    examples = WRITTEN[concept]["examples"]
    named = tuple(_named(each, examples) for each in shows)
    if "but" in told:
        return Proof(named, but=told["but"])
    return Proof(named, tuple((each,) for each in told["of"]) if "of" in told else (tuple(_alternatives(path)),))


def _named(expression: str, examples: list[str]) -> tuple[str, str]:
    example, colon, rest = expression.partition(": ")
    return (example, rest) if colon and example in {*examples, "all"} else (examples[0], expression)


def _alternatives(path: str) -> Iterator[str]:
    """Give the paths that a line's word for its element means: ``a|b`` is either."""
    for each in path.split("|"):
        assert _PATH.fullmatch(each), f"no path, so `of` must say what it is about: {path}"
        # Of which resource it is, the example says.
        yield re.sub(r"^([A-Z][A-Za-z]+|old|member)\.", "", each)


def without(resource: dict[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
    """Return ``resource`` without what lies at ``paths``."""
    copy = deepcopy(resource)
    for path in paths:
        _take(copy, path.split("."))
    return copy


def _take(value: Any, steps: list[str]) -> None:
    if isinstance(value, list):
        for each in value:
            _take(each, steps)
    if not isinstance(value, dict):
        return
    name, _, chosen = steps[0].rstrip("]").partition("[")
    keys = [key for key in value if key == name or (chosen == "x" and re.fullmatch(rf"{name}[A-Z]\w*", key))]
    for key in keys:
        if len(steps) > 1:
            _take(value[key], steps[1:])
        elif name == "extension" and chosen:
            value[key] = [each for each in value[key] if not f"/{each['url']}".endswith(f"/{chosen}")]
        else:
            del value[key]
