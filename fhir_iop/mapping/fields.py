"""Fields of a record, found in its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.mapping.functions import Role
from fhir_iop.mapping.lines import Field, LineError, parse_field
from fhir_iop.mapping.refusal import hint
from fhir_iop.mapping.rules import Scope, Source

if TYPE_CHECKING:
    from fhir_iop.mapping.document import Located, Problems


def resolve(scope: Scope, prefix: tuple[str, ...], named: Field, problems: Problems) -> Source | None:
    """Return the field ``named``, counted from ``prefix`` in ``scope``; None, with a finding, where there is none."""
    while named.absolute and scope.parent is not None:
        scope = scope.parent
    steps = named.steps if named.absolute else (*prefix, *named.steps)
    shape, optional = scope.shape, set()
    for position, name in enumerate(steps):
        inner = shape.field(name)
        if inner is None:
            written = named.steps[: position - (len(steps) - len(named.steps))]
            place = named.place.moved(named.absolute + sum(len(step) + 1 for step in written))
            problems.add("mapping-field", place, field=".".join(steps), hint=hint(name, shape.properties))
            return None
        if not shape.requires(name):
            optional.add(steps[: position + 1])
        shape = inner
    if shape.kind == "array" and shape.schema.get("minItems", 0) < 1:
        optional.add(steps)
    return Source(scope, steps, shape, frozenset(optional))


def roles_of(document: Located, scope: Scope, problems: Problems) -> dict[str, Role]:
    """Return the resources that a mapping makes, by role, before its rules are looked at."""
    found: dict[str, Role] = {}
    for entry in (document.get("to") or document).items():
        role, kind, key = entry.get("role"), entry.get("resource"), entry.get("key")
        name = str(role.value) if role else ""
        if name in found:
            problems.add("mapping-role-twice", (role or entry).place, role=name or "(main)")
        each, whole = entry.get("each"), entry.get("with")
        given = each or whole
        source = _field(given, scope, problems) if given else None
        found[name] = Role(
            name, str(kind.value) if kind else "", source, each is not None, str(key.value) if key else ""
        )
    return found


def _field(given: Located, scope: Scope, problems: Problems) -> Source | None:
    try:
        return resolve(scope, (), parse_field(str(given.value), given.place), problems)
    except LineError as error:
        problems.add("mapping-line", error.place, reason=error.reason)
        return None
