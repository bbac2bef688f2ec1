"""Files that others wrote, opened: one that is missing or can't be read ends the run with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from fhir_iop.errors import BadInput, Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


def opened(path: Path, parsed: Callable[[bytes], T]) -> T:
    """Return what ``parsed`` makes of a file's bytes. Raises Unusable for one that is missing or can't be read."""
    try:
        return parsed(path.read_bytes())
    except OSError:
        raise Unusable(issue("conformance-missing", str(path.parent), file=path.name)) from None
    except BadInput as error:
        raise Unusable(issue("conformance-case", str(path.parent), file=path.name, reason=str(error))) from None
