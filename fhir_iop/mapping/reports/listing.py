"""The rules of a mapping as a person reads them: every one with its whole field and its whole path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fhir_iop.mapping.rules import Leaf, Members, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.functions import Context
    from fhir_iop.mapping.plan import Plan, ResourcePlan


@dataclass(frozen=True)
class Rule:
    """One rule: ``field`` of the record (empty for a constant), ``arrow``, ``path`` in the resource.

    ``by`` is the function between, or the constant; ``when`` the conditions; ``place`` ``file:line``.
    """

    leaf: Leaf
    field: str
    arrow: str
    path: str
    by: str
    when: str
    place: str


def rules(plan: Plan) -> Iterator[tuple[ResourcePlan, list[Rule]]]:
    """Yield each resource of ``plan`` with its rules, in the order of the files' lines."""
    rank = {id(leaf): position for position, leaf in enumerate(plan.leaves)}
    for resource in plan.resources:
        found = [rule for rule in _walk(resource.part, (), plan.context) if id(rule.leaf) in rank]
        yield resource, sorted(found, key=lambda rule: rank[id(rule.leaf)])


def _walk(part: Part, way: tuple[str, ...], context: Context) -> Iterator[Rule]:
    yield from (_rule(leaf, way) for leaf in part.read)
    for name, entry in part.entries.items():
        if isinstance(entry, list):
            for leaf in entry:
                yield _rule(leaf, (*way, name))
        elif isinstance(entry, Part):
            yield from _walk(entry, (*way, name), context)
        elif isinstance(entry, Members):
            for member in entry.members:
                step = name
                if isinstance(member.pattern, dict) and name in {"extension", "modifierExtension"}:
                    step = f"{name}({_called(str(member.pattern.get('url', '')), context)})"
                elif member.slice:
                    step = f"{name}:{member.slice}"
                inner = (*way, step + ("[]" if member.each is not None else ""))
                if isinstance(member.content, Leaf):
                    yield _rule(member.content, inner)
                else:
                    yield from _walk(member.content, inner, context)


def _called(url: str, context: Context) -> str:
    """Return the name that the mapping's files give an extension."""
    return next((name for name, known in context.names.extensions.items() if known == url), url)


def _rule(leaf: Leaf, way: tuple[str, ...]) -> Rule:
    field = leaf.source.way if leaf.source is not None else ""
    by = ""
    if leaf.read is not None:
        by = leaf.text.partition("<-")[2].strip()
    elif leaf.function is not None:
        by = str(leaf.function.call).removesuffix("()")
    elif leaf.source is None:
        by = leaf.text.partition(" = ")[2]
    when = " and ".join(map(str, leaf.tests))
    return Rule(leaf, field, leaf.arrow, ".".join(way), by, when, f"{leaf.place.file}:{leaf.place.line}")
