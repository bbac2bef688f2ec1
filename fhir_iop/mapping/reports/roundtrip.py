"""Which fields of a record come back from FHIR as they were: proved from the rules, then tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from fhir_iop.mapping.functions import Present
from fhir_iop.mapping.making import record as made_record
from fhir_iop.mapping.usage import Use, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping import Mappings
    from fhir_iop.mapping.plan import Plan
    from fhir_iop.mapping.rules import Leaf
    from fhir_iop.mapping.shapes import Shape

Comes = Literal["exactly", "in normal form", "not"]


@dataclass(frozen=True)
class Return:
    """How one field comes back: exactly; in its normal form, which says the same; or not, and why."""

    path: str
    comes: Comes
    why: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """What became of ``count`` records made at random: how many came back the same; of the others, what differed.

    ``differing`` counts the fields, and in parentheses the rules by which a whole record didn't come back; ``seeds``
    are the numbers that make such a record again.
    """

    count: int
    same: int
    differing: dict[str, int]
    seeds: tuple[int, ...]


# --- proved ----------------------------------------------------------------------------------------------------------


def proved(plan: Plan) -> list[Return]:
    """Tell of every field how it comes back, by the rules alone.

    A rule is two-way only where loading has found that its conversion is one to one (a table has no code twice), that
    its element is written by no other rule at the same time, and that its items are told from others in their list. So
    a field that such a rule reads comes back; what remains is what the conversion does to the form of the value.
    """
    return [_return(use, plan) for use in uses(plan)] + list(_empty(plan.context.root.shape, ""))


def _return(use: Use, plan: Plan) -> Return:
    back = [leaf for leaf in use.leaves if leaf.arrow in {"<->", "<-"}]
    there = [leaf for leaf in use.leaves if leaf.arrow in {"<->", "->"}]
    rules = tuple(dict.fromkeys(f"{leaf.place.file}:{leaf.place.line}" for leaf in (*use.leaves, *use.decides)))
    if use.reason:
        return Return(use.path, "not", f"dropped on purpose: {use.reason}", rules)
    if use.is_forgotten:
        return Return(use.path, "not", "no rule reads it", rules)
    if not back:
        only = "its rules only write (`->`)" if there else "it only decides what other rules write (`when:`)"
        return Return(use.path, "not", only, rules)
    if not there:
        return Return(use.path, "not", "its rules only read (`<-`): it isn't written to FHIR", rules)
    why = "; ".join(_forms(use, back, plan))
    return Return(use.path, "in normal form" if why else "exactly", why, rules)


def _forms(use: Use, back: list[Leaf], plan: Plan) -> Iterator[str]:
    schema = use.shape.schema
    if "default" in schema:
        yield f"left out where it is {_word(schema['default'])}, which absence stands for"
    elif any(isinstance(leaf.function, Present) for leaf in back):
        yield "left out where it is false"
    yield from dict.fromkeys(leaf.function.normal for leaf in back if leaf.function and leaf.function.normal)
    for role in plan.context.kinds[plan.kind].values():
        source = role.source
        if source is not None and role.key and use.path == ".".join((*source.steps, role.key)):
            yield "the items' order is kept only where the resources are given in it"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"`{value}`"


def _empty(shape: Shape, way: str) -> Iterator[Return]:
    """Yield the objects that a record may hold with nothing in them: nothing is written for them."""
    for name in shape.properties:
        inner = shape.field(name)
        if inner is None:
            continue
        content = inner.item if inner.kind == "array" and inner.item is not None else inner
        path = f"{way}.{name}" if way else name
        if content.properties:
            if _may_be_empty(content) and inner.kind != "array":
                yield Return(path, "not", "an object with no fields writes nothing; let the schema require one", ())
            yield from _empty(content, path)


def _may_be_empty(shape: Shape) -> bool:
    schema = shape.schema
    asked = [schema, *schema.get("allOf", ())]
    return not any(
        one.get("required") or one.get("minProperties") or one.get("anyOf") or one.get("oneOf") for one in asked
    )


# --- tried -----------------------------------------------------------------------------------------------------------


def tried(mappings: Mappings, kind: str, count: int, seed: int = 0) -> Tried:
    """Make ``count`` records of ``kind``, map them and map them back; the numbers from ``seed`` on make the records.

    Raises ValueError where no record can be made from the schema.
    """
    compiled = mappings.compiled(kind)
    differing: Counter[str] = Counter()
    seeds = []
    for number in range(seed, seed + count):
        record = made_record(compiled, Random(number))  # noqa: S311  # nothing is kept secret by it
        mapped = mappings.to_fhir(record)
        back = mappings.to_records(mapped.resources)
        if back.records == [mappings.normal(record)] and not back.issues and not mapped.issues:
            continue
        seeds.append(number)
        found = _differing(mappings.normal(record), back.records[0]) if len(back.records) == 1 else set()
        issues = {f"({issue.rule})" for issue in (*mapped.issues, *back.issues)}
        differing.update(found or issues)
    return Tried(count, count - len(seeds), dict(differing), tuple(seeds))


def _differing(record: Any, back: Any, way: str = "") -> set[str]:
    """Return the fields in which two records differ."""
    if isinstance(record, dict) and isinstance(back, dict):
        names = record.keys() | back.keys()
        inner = ((name, record.get(name), back.get(name)) for name in names)
        return {path for name, one, other in inner for path in _differing(one, other, f"{way}.{name}" if way else name)}
    if isinstance(record, list) and isinstance(back, list) and len(record) == len(back):
        return {path for one, other in zip(record, back, strict=True) for path in _differing(one, other, f"{way}[]")}
    return set() if record == back else {way}
