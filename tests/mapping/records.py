"""Records made from their schemas, as a hypothesis strategy.

It knows of JSON Schema what record schemas use. Conditions between fields (`allOf`, `contains`, `ordered`) aren't
solved but mended: a record is drawn, and where the schema complains, what it complains about is added, cut or swapped.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import jsonschema_rs
from hypothesis import assume
from hypothesis import strategies as st

from fhir_iop.instruments import Instrument
from fhir_iop.mapping import formats
from fhir_iop.mapping.loading import Compiled
from fhir_iop.mapping.order import put_last, value_at, wrong
from fhir_iop.mapping.shapes import Shape

EARLIEST, LATEST = datetime(1950, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001  # hypothesis adds the zone
LINE = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=20
).filter(lambda text: text == text.strip() and not re.search(r"[\u2028\u2029]", text))


_MADE: dict[str, st.SearchStrategy[dict[str, Any]]] = {}  # making a strategy takes longer than drawing from it


def records(compiled: Compiled) -> st.SearchStrategy[dict[str, Any]]:
    if compiled.plan.kind not in _MADE:
        drawn = _object(compiled.plan.context.root.shape)

        @st.composite
        def made(draw: st.DrawFn) -> dict[str, Any]:
            return _record(draw, draw(drawn), compiled)

        _MADE[compiled.plan.kind] = made()
    return _MADE[compiled.plan.kind]


def _record(draw: st.DrawFn, record: dict[str, Any], compiled: Compiled) -> dict[str, Any]:
    shape = compiled.plan.context.root.shape
    for _ in range(25):
        error = next(iter(compiled.validator.iter_errors(record)), None)
        if error is None:
            break
        if not _mend(draw, record, shape, error):
            assume(False)
    assume(compiled.validator.is_valid(record))
    _sort(record, compiled)
    return record


def _value(shape: Shape) -> st.SearchStrategy[Any]:
    if shape.schema.get("type") == "boolean":
        return st.booleans()
    if shape.enum is not None:
        return st.sampled_from(shape.enum)
    if shape.kind == "object":
        return _object(shape)
    if shape.kind == "array":
        assert shape.item is not None
        unique = repr if shape.schema.get("uniqueItems") else None
        return st.lists(
            _value(shape.item), min_size=1, max_size=min(3, shape.schema.get("maxItems", 3)), unique_by=unique
        )
    if shape.kind in {"integer", "number"}:
        return _number(shape)
    return _text(shape)


def _object(shape: Shape) -> st.SearchStrategy[dict[str, Any]]:
    inner = {name: shape.field(name) for name in shape.properties}
    fields = {name: _value(field) for name, field in inner.items() if field is not None}

    @st.composite
    def made(draw: st.DrawFn) -> dict[str, Any]:
        there = [name for name in fields if shape.requires(name) or draw(st.booleans())]
        return {name: draw(fields[name]) for name in there}

    return made()


def _number(shape: Shape) -> st.SearchStrategy[Any]:
    low = shape.schema.get("minimum", 0 if "exclusiveMinimum" in shape.schema else -1000)
    high = min(shape.schema.get("maximum", 1000), 100_000)
    whole = st.integers(low + ("exclusiveMinimum" in shape.schema), high)
    if shape.kind == "integer":
        return whole
    scaled = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(low * 100 + 1, high * 100), st.just(2))
    return whole | scaled


def _text(shape: Shape) -> st.SearchStrategy[str]:
    form, pattern = shape.schema.get("format"), shape.schema.get("pattern", "")
    days = st.dates(date(1930, 1, 1), date(2090, 1, 1)).map(str)
    if form == "date":
        return days
    if form == "npi":
        return st.from_regex(r"[12][0-9]{8}", fullmatch=True).map(lambda nine: _checked(nine, formats.is_npi))
    if form == "local-date-time":
        return _times()
    if pattern.startswith("^(?:19|20)[0-9]{2}(?:"):
        return days | days.map(lambda day: day[:7]) | days.map(lambda day: day[:4])
    if "u0000" in pattern or pattern.startswith("^[^"):
        return LINE
    if "/" in pattern and "(?:/" in pattern:  # a finding and its part: see the mapping's list of what it may be
        return st.sampled_from(("lab-result/l-1", "drug-screen/d.1/result/opiates", "questionnaire/q:1/score"))
    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)


def _checked(start: str, holds: Callable[[str], bool]) -> str:
    return next(start + digit for digit in "0123456789" if holds(start + digit))


def _times() -> st.SearchStrategy[str]:
    offsets = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
    moments = st.datetimes(EARLIEST, LATEST, timezones=offsets | st.just(UTC))
    return moments.map(lambda moment: moment.replace(microsecond=0).isoformat().replace("+00:00", "Z"))


@st.composite
def answers(draw: st.DrawFn, instrument: Instrument) -> list[dict[str, str]]:
    """Answers that a questionnaire really has, some or all of them, in its order."""
    given: dict[str, str] = {}
    for item in instrument.items.values():
        asked = item.when is None or given.get(item.when[0]) == item.when[1]
        if asked and draw(st.booleans()):
            given[item.code] = draw(st.sampled_from([*item.answers]))
    assume(given)
    return [{"item": item, "answer": answer} for item, answer in given.items()]


# --- mending -------------------------------------------------------------------------------------------------------


def _mend(draw: st.DrawFn, record: dict[str, Any], root: Shape, error: jsonschema_rs.ValidationError) -> bool:
    owner: Any = record
    shape: Shape | None = root
    for step in error.instance_path:
        owner, above = owner[step], owner
        shape = None if shape is None else (shape.item if isinstance(step, int) else shape.field(step))
    facts, name = error.kind.as_dict(), error.kind.name
    if name == "required":
        return _add(draw, owner, shape, facts["property"])
    if name in {"maximum", "minimum"}:
        above[error.instance_path[-1]] = facts["limit"]
        return True
    if name == "enum":
        above[error.instance_path[-1]] = facts["options"][0]
        return True
    rule = _rule(root, error)
    if name == "contains":
        if rule.get("minContains", 1) == 0:  # there are too many
            del owner[1:]
            return True
        return _add_one(draw, owner, shape, rule["contains"])
    if name in {"anyOf", "oneOf"}:
        choices = [one["required"][0] for one in rule[name] if "required" in one]
        there = [choice for choice in choices if choice in owner]
        if there:
            del owner[draw(st.sampled_from(there))]
            return True
        return _add(draw, owner, shape, draw(st.sampled_from(choices)))
    if name == "not":
        forbidden = rule["not"]
        words = [*forbidden.get("required", []), *(one["required"][0] for one in forbidden.get("anyOf", []))]
        del owner[next(word for word in words if word in owner)]
        return True
    return False


def _rule(root: Shape, error: jsonschema_rs.ValidationError) -> dict[str, Any]:
    """Return the schema whose keyword failed."""
    base, _, fragment = (error.absolute_keyword_location or "").partition("#")
    return root.library.resolve(base, "#" + fragment.rpartition("/")[0])[1]


def _add(draw: st.DrawFn, owner: dict[str, Any], shape: Shape | None, name: str) -> bool:
    inner = shape.field(name) if shape else None
    if inner is None or name in owner:
        return False
    owner[name] = draw(_value(inner))
    return True


def _add_one(draw: st.DrawFn, owner: list[Any], shape: Shape | None, wanted: dict[str, Any]) -> bool:
    """Add the item that a list must contain: one whose fields have certain words."""
    if shape is None or shape.item is None:
        return False
    item = draw(_value(shape.item))
    item.update({name: draw(st.sampled_from(field["enum"])) for name, field in wanted["properties"].items()})
    owner.append(item)
    return True


def _sort(record: dict[str, Any], compiled: Compiled) -> None:
    """Swap what stands in the wrong order."""
    put_last(record, compiled.ends)
    for each in compiled.ordered:
        for owner, first, second in wrong(record, each, str):
            before, after = value_at(owner, first), value_at(owner, second)
            if len(first) == len(second) == 1:
                owner[first[0]], owner[second[0]] = after, before
            else:
                owner[second[0]] = before
