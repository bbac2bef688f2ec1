"""A value equals `fixed[x]`, where a definition fixes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir import json
from fhir_iop.validation.pattern import equals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `fixed` for a value that differs."""
    for view in item.expected.views:
        fixed = view.element.fixed
        if fixed is not None and not equals(item.value, fixed[1]):
            yield item.found("fixed", expected=shown(fixed[1]), by=view.said_by)
            return


def shown(value: object) -> str:
    """Return a definition's value as JSON."""
    return json.encode(value).decode()
