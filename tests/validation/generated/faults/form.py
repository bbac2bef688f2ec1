"""Faults of form: names, JSON types, arrays, nothing where something must be, primitives not of their type."""

from decimal import Decimal
from random import Random
from typing import Any

from fhir_iop.validation.item import Item
from tests.validation.generated.faults.fault import Fault, Maker, Sites, chosen, is_free, replace

_NUMBERS = {"decimal", "integer", "positiveInt", "unsignedInt"}

# For each type of primitive: what is none.
WRONG: dict[str, tuple[Any, ...]] = {
    "base64Binary": ("%%%", "SGVsbG8", "SGVsbG8=!"),
    "canonical": ("http://records.invented.test/a b", "http://records.invented.test/x|1 2"),
    "code": (" x", "x ", "x  y"),
    "date": ("2026-02-30", "2023-02-29", "1900-02-29", "2024-13", "2024-1-1", "24-01-01", "2024-06-31", "20240101",
             "2024-01-01T10:00:00Z", "0000-01-01", "2024-00-10", "soon"),
    "dateTime": ("2024-01-01T10:00:00", "2024-01-01T10:00Z", "2024-01-01T25:00:00Z", "2024-02-30T10:00:00Z",
                 "2024-01-01T10:61:00Z", "2024-01-01 10:00:00Z", "2024-13-01",
                 "2023-02-29", "2024-01-01T10:00:00+25:00"),
    "id": ("under_score", "x" * 65, "a b", "ä"),
    "instant": ("2024-01-01", "2024-01-01T10:00:00", "2024-01-01T24:30:00Z", "2024-02-30T10:00:00Z", "2024"),
    "integer": (2**31, -(2**31) - 1),
    "oid": ("urn:oid:3.1.2.3", "1.2.3.4", "urn:oid:1.2.03.4", "urn:oid:1..2.3"),
    "positiveInt": (0, -1, 2**31),
    "string": ("a\u0007b", "\u0000"),
    "time": ("24:00:00", "10:00", "10:60:00", "10:00:00Z", "1:00:00"),
    "unsignedInt": (-1, 2**31),
    "uri": ("http://records.invented.test/a b", "urn:oid:3.1.2.3"),
    "url": ("http://records.invented.test/a b",),
    "uuid": ("urn:uuid:123", "0d1f2c3b-4a59-4687-9a6b-5c4d3e2f1a0b"),
}  # fmt: skip


def unknown_element(sites: Sites, rng: Random) -> Fault | None:
    item = rng.choice(sites.objects())
    name = rng.choice(("invented", "Status", "codeing", "valueInvented"))
    item.content[name] = rng.choice(("x", 1, [{"a": 1}]))
    return sites.fault("unknown-element", f"{item.place.expression}.{name}")


def wrong_json_type(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.items if _may_break(item) and item.value is not None])
    if item is None:
        return None
    type_ = item.expected.type
    wrong: Any = "text"
    if type_ == "boolean":
        wrong = rng.choice(("true", 1))
    elif type_ in _NUMBERS:
        wrong = (
            rng.choice((str(item.value), True)) if type_ == "decimal" else rng.choice((str(item.value), Decimal("1.5")))
        )
    elif item.expected.is_primitive:
        wrong = rng.choice((5, True, {"value": "x"}))
    replace(item, wrong)
    return sites.fault("json-type", item.place.expression)


def no_array(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.items if _may_break(item) and item.place.index == 0 and _is_alone(item)])
    if item is None:
        return None
    _holder(item)[item.place.key] = item.value
    return sites.fault("json-array", _without_index(item))


def array(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(
        rng, [item for item in sites.items if _may_break(item) and item.place.index is None and _is_alone(item)]
    )
    if item is None:
        return None
    _holder(item)[item.place.key] = [item.value]
    return sites.fault("json-type", item.place.expression)


def null(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(
        rng, [item for item in sites.items if _may_break(item) and item.value is not None and _is_alone(item)]
    )
    if item is None:
        return None
    replace(item, None)
    return sites.fault("json-null", item.place.expression)


def empty_object(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.objects() if _may_break(item) and not item.expected.is_resource])
    if item is None:
        return None
    replace(item, {} if rng.random() < 0.8 else {"id": "only"})
    return sites.fault("empty", item.place.expression)


def empty_array(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.items if _may_break(item) and item.place.index == 0 and _is_alone(item)])
    if item is None:
        return None
    _holder(item)[item.place.key] = []
    return sites.fault("empty", _without_index(item))


def empty_string(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.primitives() if isinstance(item.value, str)])
    if item is None:
        return None
    replace(item, "")
    return sites.fault("empty", item.place.expression)


def wrong_primitive(sites: Sites, rng: Random) -> Fault | None:
    types = {item.expected.type for item in sites.primitives()} & WRONG.keys()
    if rng.random() < 0.8:  # most text is a string, and little of it is wrong
        types.discard("string")
    type_ = chosen(rng, sorted(types))
    item = chosen(rng, [item for item in sites.primitives() if item.expected.type == type_])
    if item is None:
        return None
    replace(item, rng.choice(WRONG[type_]))
    return sites.fault("primitive-format", item.place.expression)


def id_twice(sites: Sites, rng: Random) -> Fault | None:
    items = [item for item in sites.objects() if not item.expected.is_resource and not is_fixed(item)]
    if len(items) < 2:
        return None
    one, other = sorted(rng.sample(range(len(items)), 2))
    items[one].content["id"] = items[other].content["id"] = "same"
    return sites.fault("element-id-twice", f"{_later(sites, items[one], items[other]).place.expression}.id")


def is_fixed(item: Item) -> bool:
    at: Item | None = item
    while at is not None:
        if any(view.element.fixed is not None for view in at.expected.views):
            return True
        at = at.up
    return False


def _later(sites: Sites, one: Item, other: Item) -> Item:
    """Return which of two objects the JSON text has second."""

    def first(value: Any) -> Any:
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            if inner is one.content or inner is other.content:
                return inner
            found = first(inner)
            if found is not None:
                return found
        return None

    return other if first(sites.resource) is one.content else one


def _may_break(item: Item) -> bool:
    return item.up is not None and is_free(item) and item.expected.type != "xhtml" and item.place.key != "div"


def _is_alone(item: Item) -> bool:
    """Whether a property holds this one value, and nothing beside it."""
    holder = _holder(item)
    values = holder.get(item.place.key)
    return "_" + item.place.key not in holder and (len(values) == 1 if isinstance(values, list) else values is not None)


def _holder(item: Item) -> dict[str, Any]:
    return item.up.content  # type: ignore[union-attr]  # never the root


def _without_index(item: Item) -> str:
    return item.place.expression.removesuffix(f"[{item.place.index}]")


KINDS: dict[str, Maker] = {
    "unknown element": unknown_element,
    "wrong JSON type": wrong_json_type,
    "no array": no_array,
    "an array": array,
    "null": null,
    "empty object": empty_object,
    "empty array": empty_array,
    "empty string": empty_string,
    "wrong primitive": wrong_primitive,
    "element id twice": id_twice,
}
