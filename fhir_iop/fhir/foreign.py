"""Going into JSON that somebody else made: any part of it may be missing or of another kind."""

from __future__ import annotations

from typing import Any


def part(value: Any, *way: str | int) -> Any:
    """Go down into ``value`` by names and places; None where the way ends."""
    for step in way:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def text(value: Any, *way: str | int) -> str:
    """Go down into ``value`` to a string; empty where there is none."""
    found = part(value, *way)
    return found if isinstance(found, str) else ""


def objects(value: Any, *way: str | int) -> list[dict[str, Any]]:
    """Go down into ``value`` to a list, and return the objects in it; none where there is no list."""
    found = part(value, *way)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def resources(bundle: Any, type_: str | None = None) -> list[dict[str, Any]]:
    """Return the resources in ``bundle``'s entries, in their order; those of ``type_`` where it is given."""
    found = [part(entry, "resource") for entry in objects(bundle, "entry")]
    return [
        resource
        for resource in found
        if isinstance(resource, dict) and (type_ is None or resource.get("resourceType") == type_)
    ]


def number(identifier: Any) -> tuple[str, str] | None:
    """Return ``(system, value)`` of an Identifier; None where one of them is missing, for half of it names nobody."""
    system, value = text(identifier, "system"), text(identifier, "value").strip()
    return (system, value) if system and value else None


def numbers(resource: Any) -> frozenset[tuple[str, str]]:
    """Return ``(system, value)`` of every whole identifier of ``resource``."""
    return frozenset(found for identifier in objects(resource, "identifier") if (found := number(identifier)))


def is_deeper_than(value: Any, levels: int) -> bool:
    """Whether ``value`` nests more objects and arrays than ``levels``, without going deeper itself."""
    layer = [value]
    for _ in range(levels):
        layer = [
            child
            for item in layer
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not layer:
            return False
    return any(isinstance(item, (dict, list)) for item in layer)
