"""Every expression that the loaded packages publish: each constraint and each search parameter must compile.

A constraint is compiled for each type that its element may have, and must be legal for one of them: what is said of a
choice (``RiskAssessment.prediction.probability[x]``) may speak of one alternative. Logical models are left out, for no
data is of them. A published expression that is wrong in itself is listed in :data:`DEFECTS`, and agrees when it is
rejected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fhir_iop import fhirpath
from fhir_iop.conformance.result import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Constraint, Element, Structure

COMPILES = "compiles"
CRASHED = "crashed"

# the end of a case's id → what is wrong with the expression as published
DEFECTS = {
    "ChargeItemDefinition cid-0": "it speaks of `name`, which a ChargeItemDefinition hasn't",
    "Extension inv-1": "it speaks of an AllergyIntolerance's element, and stands on an Extension",
    "Condition:asserted-date": "it says `valueDateTime`; the element is `value`",
    "Patient:part-agree": "it is a parameter of Patient, and reads a DocumentReference",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One published expression, and the types that it may stand on; ``defect`` says what is wrong with it."""

    id: str
    group: str
    expression: str
    types: tuple[str, ...]
    defect: str | None


def read(definitions: Definitions) -> list[Case]:
    """Return a case for each expression of ``definitions``: the same one on the same types once."""
    cases: dict[tuple[str, tuple[str, ...]], Case] = {}
    for case in (*_constraints(definitions), *_search_parameters(definitions)):
        cases.setdefault((case.expression, case.types), case)
    return list(cases.values())


def run(case: Case) -> Outcome:
    """Compile ``case``; a listed defect must be rejected."""
    refusals = [refusal for each in case.types if (refusal := _refusal(case.expression, each)) is not None]
    compiled = len(refusals) < len(case.types)
    crashed = any(refusal.startswith(CRASHED) for refusal in refusals)
    expected = (COMPILES,) if case.defect is None else (f"rejected: {case.defect}",)
    found = (COMPILES,) if compiled else tuple(refusals)
    facts = {"expression": case.expression}
    agreed = not crashed and compiled == (case.defect is None)
    return Outcome(case.id, case.group, agreed, expected, found, facts)


def _refusal(expression: str, start: str) -> str | None:
    try:
        fhirpath.compile(expression, start).typed  # noqa: B018 - asked for, so that the code is generated too
    except fhirpath.FhirPathError as error:
        return error.message
    except Exception as error:  # noqa: BLE001 - a crash is counted, and the next case runs
        return f"{CRASHED}: {type(error).__name__}: {error}"
    return None


def _constraints(definitions: Definitions) -> Iterator[Case]:
    for package in definitions.packages:
        group = f"{package.name} {package.version} constraints"
        for url in sorted(package.canonicals("StructureDefinition")):
            for version in package.versions("StructureDefinition", url):
                structure = definitions.structure(f"{url}|{version}")
                if structure is not None and structure.kind != "logical":
                    yield from _constraints_of(structure, definitions, group)


def _constraints_of(structure: Structure, definitions: Definitions, group: str) -> Iterator[Case]:
    for element in structure.elements:
        for constraint in element.constraints:
            if _is_inherited(constraint, element, structure, definitions):
                continue  # a profile may leave a choice none of the types that it was said of
            name = f"{element.id} {constraint.key}"
            yield _case(f"{structure.canonical} {name}", name, group, constraint.expression, _types(element))


def _is_inherited(constraint: Constraint, element: Element, structure: Structure, definitions: Definitions) -> bool:
    """Whether a profile only repeats what its base says of the same element."""
    base = definitions.structure(structure.base) if structure.derivation == "constraint" and structure.base else None
    same = None if base is None else base.by_id.get(element.id)
    return same is not None and any(constraint.expression == each.expression for each in same.constraints)


def _types(element: Element) -> tuple[str, ...]:
    """Return the types to compile for: an element that defines its own children is named by its path."""
    if "." not in element.path:
        return (element.path,)
    if element.content_reference is not None:
        return (element.content_reference.rpartition("#")[2].partition(":")[0],)
    own = ("BackboneElement", "Element")
    return tuple(element.path if each.code in own else each.code for each in element.types)


def _search_parameters(definitions: Definitions) -> Iterator[Case]:
    for kind in sorted(definitions.resource_types):
        for code, parameter in definitions.search_parameters(kind).items():
            if parameter.expression:
                name = f"{kind}:{code}"
                yield _case(name, name, "search parameters", parameter.expression, (kind,))


def _case(name: str, ending: str, group: str, expression: str, types: tuple[str, ...]) -> Case:
    return Case(name, group, expression, types, DEFECTS.get(ending))
