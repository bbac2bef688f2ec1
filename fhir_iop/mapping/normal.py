"""The normal form of a record: what comes back when it was mapped to FHIR and back.

Two records that mean the same have one normal form. It differs from what a program may send in two ways: a field that
says what the schema has as its ``default`` is left out, and times have seconds and an offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.mapping.shapes import Shape

TIME = "local-date-time"


def normal(value: Any, shape: Shape, moment: Callable[[str], str]) -> Any:
    """Return ``value``, which ``shape`` accepts, in normal form; ``moment`` gives a time its seconds and offset."""
    if isinstance(value, dict):
        found = {name: normal(inner, shape.field(name) or shape, moment) for name, inner in value.items()}
        return {name: inner for name, inner in found.items() if not _is_default(inner, shape.field(name))}
    if isinstance(value, list) and shape.item is not None:
        item = shape.item
        return [normal(inner, item, moment) for inner in value]
    if isinstance(value, str) and shape.schema.get("format") == TIME:
        return moment(value)
    return value


def _is_default(value: Any, shape: Shape | None) -> bool:
    return shape is not None and "default" in shape.schema and bool(shape.schema["default"] == value)
