"""A table of codes as a ConceptMap: the program's words, and the codes that they stand for, one to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fhir_iop.mapping.names import CodeTable
    from fhir_iop.mapping.plan import Plan


def address(name: str, plan: Plan, base: str) -> str:
    """Return the canonical of the ConceptMap of a table; a table's name may mean something else in another mapping."""
    return f"{base}/ConceptMap/{plan.kind}-{name}"


def concept_map(name: str, table: CodeTable, value_set: str | None, plan: Plan, base: str) -> dict[str, Any]:
    """Return ``table`` as a ConceptMap; ``value_set`` is what the element is bound to, where it is."""
    groups: dict[str | None, list[dict[str, Any]]] = {}
    for word, coded in table.entries.items():
        code = str(coded.code).lower() if isinstance(coded.code, bool) else str(coded.code)
        target = {"code": code, "equivalence": "equivalent"}
        if coded.display:
            target["display"] = coded.display
        groups.setdefault(coded.system, []).append({"code": word, "target": [target]})
    words = f"{plan.context.sid}/words/{plan.kind}/{name}"
    listed = []
    for system, elements in groups.items():
        named = {"target": system} if system else {}
        listed.append({"source": words, **named, "element": elements})
    identifier = f"{plan.kind}-{name}"
    title = "".join(part.capitalize() for part in identifier.split("-"))
    made: dict[str, Any] = {
        "resourceType": "ConceptMap",
        "id": identifier,
        "url": address(name, plan, base),
        "name": title,
        "status": "active",
        "description": f"The program's words of the table {name}, and the codes that they stand for.",
    }
    if value_set:
        made["targetCanonical"] = value_set
    return made | {"group": listed}
