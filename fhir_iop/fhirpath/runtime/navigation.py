"""From an item to its children, where the JSON name or the type shows only in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.model import OPEN_TYPES, PRIMITIVES
from fhir_iop.fhirpath.runtime.typed import NoValue, TypedValue, several

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fhir_iop.fhirpath.model import Child, Key, Model
    from fhir_iop.fhirpath.runtime.budget import Budget


def primitive(parent: dict[str, Any], key: str, type_name: str) -> TypedValue | None:
    """Return a primitive element with its sibling, None where neither is there."""
    value, element = parent.get(key), parent.get("_" + key)
    return None if value is None and element is None else TypedValue(type_name, value, element)


def primitives(parent: dict[str, Any], key: str, type_name: str) -> list[TypedValue]:
    """Return a repeating primitive element with its siblings: nulls in either array stand for nothing there."""
    values, elements = parent.get(key, ()), parent.get("_" + key, ())
    if not elements:
        return [TypedValue(type_name, value) for value in values if value is not None]
    found = []
    for at in range(max(len(values), len(elements))):
        value = values[at] if at < len(values) else None
        element = elements[at] if at < len(elements) else None
        if value is not None or element is not None:
            found.append(TypedValue(type_name, value, element))
    return found


def raw_primitives(parent: dict[str, Any], key: str) -> list[Any]:
    """Return the values of a repeating primitive element, with a ``NoValue`` where an item has only extensions."""
    if "_" + key not in parent:
        return [value for value in parent.get(key, ()) if value is not None]
    return [NoValue(item.element or {}) if item.value is None else item.value for item in primitives(parent, key, "")]


def only_primitive(parent: dict[str, Any], key: str) -> Any:
    """Return the value of the only item of a repeating primitive element. Raises FhirPathError for several items."""
    values = raw_primitives(parent, key)
    if len(values) > 1:
        raise several(key)
    return None if not values or isinstance(values[0], NoValue) else values[0]


def count_primitives(parent: dict[str, Any], key: str) -> int:
    """Count the items of a repeating primitive element."""
    values = parent.get(key, ())
    return len(primitives(parent, key, "")) if "_" + key in parent or None in values else len(values)


def choice(parent: dict[str, Any], alternatives: dict[str, str]) -> TypedValue | None:
    """Return the one alternative of a choice that is there; ``alternatives`` are types by JSON name."""
    for key in parent:
        if key in alternatives:
            return _typed(parent, key, alternatives[key])
        if key[:1] == "_" and key[1:] in alternatives:
            return _typed(parent, key[1:], alternatives[key[1:]])
    return None


def _typed(parent: dict[str, Any], key: str, type_name: str) -> TypedValue:
    if type_name in PRIMITIVES:
        return TypedValue(type_name, parent.get(key), parent.get("_" + key))
    value = parent[key]
    return TypedValue(value["resourceType"] if type_name in OPEN_TYPES else type_name, value)


def named(item: TypedValue | None, children: Mapping[str, Child | None]) -> Sequence[TypedValue]:
    """Return an item's children of one name; ``children`` has them by the item's type."""
    child = children[item.type] if item is not None else None
    if child is None or item is None:
        return ()
    parent = _object(item)
    return list(_items(parent, child)) if parent else ()


def all_named(items: Sequence[TypedValue], children: Mapping[str, Child | None]) -> list[TypedValue]:
    """Return the children of one name of all items."""
    found: list[TypedValue] = []
    for item in items:
        child = children[item.type]
        if child is not None and (parent := _object(item)):
            found += _items(parent, child)
    return found


def _object(item: TypedValue) -> dict[str, Any] | None:
    """Return what holds an item's children: a primitive's are in its sibling."""
    if item.type in PRIMITIVES:
        return item.element
    return item.value if isinstance(item.value, dict) else None


def _items(parent: dict[str, Any], child: Child) -> Iterator[TypedValue]:
    for key, type_name in child.alternatives:
        if type_name in PRIMITIVES:
            if child.many:
                yield from primitives(parent, key, type_name)
            elif (found := primitive(parent, key, type_name)) is not None:
                yield found
        elif key in parent:
            value = parent[key]
            for one in value if child.many else (value,):
                yield TypedValue(one["resourceType"] if type_name in OPEN_TYPES else type_name, one)


def offspring(items: Sequence[TypedValue], model: Model) -> list[TypedValue]:
    """Return the children of all items."""
    found: list[TypedValue] = []
    for item in items:
        parent = _object(item)
        if parent:
            _add_children(found, parent, model.keys(item.type))
    return found


def descendants(items: Sequence[TypedValue], model: Model, budget: Budget) -> list[TypedValue]:
    """Return the children of all items, their children, and so on."""
    found = offspring(items, model)
    budget.spend(len(found))
    for item in found:  # grows meanwhile
        parent = _object(item)
        if parent:
            before = len(found)
            _add_children(found, parent, model.keys(item.type))
            budget.spend(len(found) - before)
    return found


def _add_children(found: list[TypedValue], parent: dict[str, Any], keys: dict[str, Key]) -> None:
    """Add the children of one object, in the order of its JSON."""
    for name, value in parent.items():
        key = keys.get(name)
        if key is None:
            if name[:1] == "_" and name[1:] not in parent and name[1:] in keys:
                _add_primitives(found, parent, name[1:], keys[name[1:]].type_name)
        elif key.is_primitive:
            if "_" + name in parent:
                _add_primitives(found, parent, name, key.type_name)
            elif isinstance(value, list):
                found += [TypedValue(key.type_name, one) for one in value if one is not None]
            else:
                found.append(TypedValue(key.type_name, value))
        else:
            for one in value if isinstance(value, list) else (value,):
                found.append(TypedValue(one["resourceType"] if key.is_open else key.type_name, one))


def _add_primitives(found: list[TypedValue], parent: dict[str, Any], name: str, type_name: str) -> None:
    if isinstance(parent.get(name, parent["_" + name]), list):
        found += primitives(parent, name, type_name)
    else:
        found.append(TypedValue(type_name, parent.get(name), parent["_" + name]))


def count_children(parent: dict[str, Any]) -> int:
    """Count the children of an object; a primitive and its sibling are one."""
    number = 0
    for key, value in parent.items():
        if key == "resourceType":
            continue
        if key[:1] == "_":
            if key[1:] not in parent:
                number += len(value) - value.count(None) if isinstance(value, list) else 1
        elif isinstance(value, list):
            number += count_primitives(parent, key) if None in value else len(value)
        else:
            number += 1
    return number
