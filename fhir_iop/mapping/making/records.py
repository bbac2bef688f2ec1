"""A record made at random from its schema.

Of JSON Schema it knows what record schemas use. Conditions between fields (`allOf`, `contains`, `ordered`) aren't
solved but mended: a record is drawn, and where the schema complains, what it complains about is added, cut or swapped.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping import formats, order
from fhir_iop.mapping.functions.references import Reference
from fhir_iop.mapping.making.texts import matching

if TYPE_CHECKING:
    from random import Random

    import jsonschema_rs

    from fhir_iop.mapping.functions import Role
    from fhir_iop.mapping.loading import Compiled
    from fhir_iop.mapping.plan import Plan
    from fhir_iop.mapping.shapes import Shape

_TRIES = 60
_MENDS = 25
_FEW = 3
_FIRST_DAY, _DAYS = date(1930, 1, 1), 365 * 160
_PARTIAL_DAY = "^(?:19|20)[0-9]{2}(?:"


def record(compiled: Compiled, random: Random) -> dict[str, Any]:
    """Return a record that the schema of ``compiled`` accepts, in no particular form.

    Raises ValueError where none is found: the schema has a pattern or a condition of a kind that isn't known here.
    """
    maker = _Maker(compiled, random)
    for _ in range(_TRIES):
        made = maker.record()
        if compiled.validator.is_valid(made):
            return made
    raise ValueError(compiled.plan.kind)


class _Maker:
    """Makes values of one kind of record; ``way`` is where a value stands, as :attr:`Source.way` says it."""

    def __init__(self, compiled: Compiled, random: Random) -> None:
        self._compiled = compiled
        self._random = random
        self._named = _named(compiled.plan)

    def record(self) -> dict[str, Any]:
        made = self._object(self._compiled.plan.context.root.shape, "")
        for _ in range(_MENDS):
            error = next(iter(self._compiled.validator.iter_errors(made)), None)
            if error is None or not self._mend(made, error):
                break
        order.put_last(made, self._compiled.ends)
        for pairs in self._compiled.ordered:
            for owner, first, second in order.wrong(made, pairs, str):
                before, after = order.value_at(owner, first), order.value_at(owner, second)
                if len(first) == len(second) == 1:
                    owner[first[0]], owner[second[0]] = after, before
                else:
                    owner[second[0]] = before
        return made

    # --- values ------------------------------------------------------------------------------------------------------

    def _value(self, shape: Shape, way: str) -> Any:
        """Return a value that ``shape`` accepts, conditions between fields aside."""
        if way in self._named:
            return self._reference(self._named[way])
        if shape.schema.get("type") == "boolean":
            return self._random.random() < 0.5
        if shape.enum is not None:
            return self._random.choice(shape.enum)
        if shape.kind == "object":
            return self._object(shape, way)
        if shape.kind == "array" and shape.item is not None:
            return self._list(shape, shape.item, way)
        if shape.kind in {"integer", "number"}:
            return _number(shape, self._random)
        return _text(shape, self._random)

    def _object(self, shape: Shape, way: str) -> dict[str, Any]:
        wanted = [name for name in shape.properties if shape.requires(name) or self._random.random() < 0.5]
        fields = {name: shape.field(name) for name in wanted}
        return {name: self._value(field, _inside(way, name)) for name, field in fields.items() if field is not None}

    def _list(self, shape: Shape, item: Shape, way: str) -> list[Any]:
        schema = shape.schema
        count = self._random.randint(max(1, schema.get("minItems", 1)), min(_FEW, schema.get("maxItems", _FEW)))
        found = [self._value(item, f"{way}[]") for _ in range(count)]
        return list({repr(one): one for one in found}.values()) if schema.get("uniqueItems") else found

    def _reference(self, roles: list[tuple[str, Role]]) -> str:
        kind, role = self._random.choice(roles)
        steps = [kind, f"{kind[:2]}-{self._random.randrange(100)}"]
        if role.name:
            steps.append(role.name)
        if role.many:
            steps.append("opiates" if role.key else str(self._random.randint(1, 9)))
        return "/".join(steps)

    # --- mending -----------------------------------------------------------------------------------------------------

    def _mend(self, made: dict[str, Any], error: jsonschema_rs.ValidationError) -> bool:
        root, choice = self._compiled.plan.context.root.shape, self._random.choice
        owner, above, shape, way = _at(made, root, error)
        facts, name = error.kind.as_dict(), error.kind.name
        if name == "required":
            return self._add(owner, shape, facts["property"], way)
        if name in {"maximum", "minimum", "enum"}:
            above[error.instance_path[-1]] = facts["limit"] if name != "enum" else facts["options"][0]
        elif name == "contains":
            rule = _rule(root, error)
            if rule.get("minContains", 1) == 0:  # there are too many
                del owner[1:]
            else:
                return self._add_one(owner, shape, rule["contains"], way)
        elif name in {"anyOf", "oneOf"}:
            choices = [one["required"][0] for one in _rule(root, error)[name] if "required" in one]
            there = [one for one in choices if one in owner]
            if not there:
                return bool(choices) and self._add(owner, shape, choice(choices), way)
            del owner[choice(there)]
        elif name == "not":
            forbidden = _rule(root, error)["not"]
            words = [*forbidden.get("required", []), *(one["required"][0] for one in forbidden.get("anyOf", []))]
            return owner.pop(next((word for word in words if word in owner), ""), None) is not None
        else:
            return False
        return True

    def _add(self, owner: dict[str, Any], shape: Shape | None, name: str, way: str) -> bool:
        inner = shape.field(name) if shape else None
        if inner is None or name in owner:
            return False
        owner[name] = self._value(inner, _inside(way, name))
        return True

    def _add_one(self, owner: list[Any], shape: Shape | None, wanted: dict[str, Any], way: str) -> bool:
        """Add the item that a list must contain: one whose fields have certain words."""
        if shape is None or shape.item is None:
            return False
        item = self._value(shape.item, f"{way}[]")
        item.update({name: self._random.choice(field["enum"]) for name, field in wanted["properties"].items()})
        owner.append(item)
        return True


def _inside(way: str, name: str) -> str:
    return f"{way}.{name}" if way else name


def _named(plan: Plan) -> dict[str, list[tuple[str, Role]]]:
    """Return the fields that name a record of one of several kinds, or a part of it, and which they may name."""
    found: dict[str, list[tuple[str, Role]]] = {}
    for leaf in plan.leaves:
        if isinstance(leaf.function, Reference) and leaf.function.open and leaf.source is not None:
            kinds = plan.context.kinds
            found[leaf.source.way] = [(kind, kinds[kind][role]) for kind, role in leaf.function.types]
    return found


def _number(shape: Shape, random: Random) -> Any:
    schema = shape.schema
    low = schema.get("minimum", 0 if "exclusiveMinimum" in schema else -1000)
    high = min(schema.get("maximum", 1000), 100_000)
    least = int(low) + ("exclusiveMinimum" in schema)
    if shape.kind == "integer" or random.random() < 0.3:
        return random.randint(least, int(high))
    # a trailing zero stays: it is one of the digits that must come back
    return Decimal(random.randint(int(low * 100) + 1, int(high * 100))).scaleb(-2)


def _text(shape: Shape, random: Random) -> str:
    form, pattern = shape.schema.get("format"), str(shape.schema.get("pattern", ""))
    if form == "date":
        return _day(random)
    if form == "local-date-time":
        return _time(random)
    if pattern.startswith(_PARTIAL_DAY):
        return _day(random)[: random.choice([4, 7, 10])]
    for _ in range(_TRIES):
        made = matching(pattern)(random) if pattern else "".join(random.choice("ab c1") for _ in range(5))
        if form in formats.CHECKED:
            made = next((made[:-1] + digit for digit in "0123456789" if formats.CHECKED[form](made[:-1] + digit)), made)
        most = shape.schema.get("maxLength", len(made))
        if len(made) <= most and (not pattern or re.search(pattern, made)):
            return made
    raise ValueError(pattern)


def _day(random: Random) -> str:
    return str(_FIRST_DAY + timedelta(days=random.randrange(_DAYS)))


def _time(random: Random) -> str:
    zone = random.choice([UTC, *(timezone(timedelta(hours=hours)) for hours in range(-12, 15))])
    moment = datetime(1950, 1, 1, tzinfo=zone) + timedelta(seconds=random.randrange(140 * 365 * 86_400))
    return moment.isoformat().replace("+00:00", "Z")


# --- places in a record ----------------------------------------------------------------------------------------------


def _at(made: Any, root: Shape, error: jsonschema_rs.ValidationError) -> tuple[Any, Any, Shape | None, str]:
    """Return what an error is about, what that is in, its shape and its way."""
    owner, above, way = made, made, ""
    found: Shape | None = root
    for step in error.instance_path:
        owner, above = owner[step], owner
        way = f"{way}[]" if isinstance(step, int) else _inside(way, step)
        found = None if found is None else (found.item if isinstance(step, int) else found.field(step))
    return owner, above, found, way


def _rule(root: Shape, error: jsonschema_rs.ValidationError) -> dict[str, Any]:
    """Return the schema whose keyword failed."""
    base, _, fragment = (error.absolute_keyword_location or "").partition("#")
    return root.library.resolve(base, "#" + fragment.rpartition("/")[0])[1]
