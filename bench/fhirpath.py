"""Compiled FHIRPath against the same checks by hand, and against fhirpathpy: invariants and search parameters.

One unit of work is one evaluation on one resource or element of the corpus. Before anything is timed, the answers are
compared: an expression on which we and the hand-written check differ ends the bench.
"""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import by_hand
from bench.corpus import resources
from bench.frame import OURS, Report, Row, geometric_mean, measure, rows
from fhir_iop.definitions import Definitions
from fhir_iop.fhirpath import compile as compile_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BY_HAND = "by hand"
PEER = "fhirpathpy"
RESOURCES = 200
MOST_ELEMENTS = 200
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"

# structure, element (None: the root), key of the invariant; the expression comes from the definitions
PUBLISHED: list[tuple[str, str, str, Callable[[Any], bool]]] = [
    ("MedicationRequest", "MedicationRequest", "dom-2", by_hand.dom_2),
    ("MedicationRequest", "MedicationRequest", "dom-3", by_hand.dom_3),
    ("MedicationRequest", "MedicationRequest", "dom-4", by_hand.dom_4),
    ("MedicationRequest", "MedicationRequest", "dom-5", by_hand.dom_5),
    ("CarePlan", "CarePlan", "dom-6", by_hand.dom_6),
    ("Observation", "Observation", "obs-6", by_hand.obs_6),
    ("Observation", "Observation", "obs-7", by_hand.obs_7),
    ("Observation", "Observation.referenceRange", "obs-3", by_hand.obs_3),
    ("CarePlan", "CarePlan.activity", "cpl-3", by_hand.cpl_3),
    ("QuestionnaireResponse", "QuestionnaireResponse.item", "qrs-1", by_hand.qrs_1),
    ("Timing", "Timing.repeat", "tim-1", by_hand.tim_1),
    ("Timing", "Timing.repeat", "tim-2", by_hand.tim_2),
    ("Timing", "Timing.repeat", "tim-4", by_hand.tim_4),
    ("Timing", "Timing.repeat", "tim-5", by_hand.tim_5),
    ("Timing", "Timing.repeat", "tim-6", by_hand.tim_6),
    ("Timing", "Timing.repeat", "tim-9", by_hand.tim_9),
    ("Timing", "Timing.repeat", "tim-10", by_hand.tim_10),
    ("Period", "Period", "per-1", by_hand.per_1),
    ("Quantity", "Quantity", "qty-3", by_hand.qty_3),
    ("Extension", "Extension", "ext-1", by_hand.ext_1),
    (f"{US_CORE}/us-core-observation-lab", "Observation", "us-core-2", by_hand.us_core_2),
    (f"{US_CORE}/us-core-medicationrequest", "MedicationRequest", "us-core-21", by_hand.us_core_21),
]
# the virtual IOP's own, whose expressions lie beside this file
OWN = Path(__file__).with_name("iop_constraints.json")

SEARCHES: list[tuple[str, str, Callable[[Any], list[Any]]]] = [
    ("MedicationRequest", "authoredon", by_hand.one("authoredOn")),
    ("MedicationRequest", "category", by_hand.many("category")),
    ("MedicationRequest", "code", by_hand.one("medicationCodeableConcept")),
    ("MedicationRequest", "date", by_hand.request_date),
    ("MedicationRequest", "identifier", by_hand.many("identifier")),
    ("MedicationRequest", "intended-dispenser", by_hand.intended_dispenser),
    ("MedicationRequest", "medication", by_hand.one("medicationReference")),
    ("MedicationRequest", "patient", by_hand.patient),
    ("MedicationRequest", "status", by_hand.one("status")),
    ("CarePlan", "activity-code", by_hand.activity_code),
    ("CarePlan", "activity-date", by_hand.activity_date),
    ("CarePlan", "activity-reference", by_hand.activity_reference),
    ("CarePlan", "category", by_hand.many("category")),
    ("CarePlan", "condition", by_hand.many("addresses")),
    ("CarePlan", "date", by_hand.one("period")),
    ("CarePlan", "performer", by_hand.activity_performer),
    ("Observation", "category", by_hand.many("category")),
    ("Observation", "code", by_hand.one("code")),
    ("Observation", "combo-code", by_hand.combo_code),
    ("Observation", "combo-value-concept", by_hand.combo_value_concept),
    ("Observation", "combo-value-quantity", by_hand.combo_value_quantity),
    ("Observation", "component-code", by_hand.component_code),
    ("Observation", "date", by_hand.observation_date),
    ("Observation", "derived-from", by_hand.many("derivedFrom")),
    ("Observation", "patient", by_hand.patient),
    ("Observation", "value-quantity", by_hand.value_quantity),
    ("Observation", "value-string", by_hand.value_string),
    ("QuestionnaireResponse", "author", by_hand.one("author")),
    ("QuestionnaireResponse", "authored", by_hand.one("authored")),
    ("QuestionnaireResponse", "questionnaire", by_hand.one("questionnaire")),
]


@dataclass(frozen=True, slots=True)
class Work:
    """One expression with its hand-written twin and what both are run on."""

    name: str
    type: str
    expression: str
    by_hand: Callable[[Any], Any]
    sample: list[Any]
    condition: bool


def run() -> Report:
    lines: list[str] = []
    measured = [(work, _measured(work, lines)) for work in works(resources(RESOURCES))]
    invariants = [found for work, found in measured if work.condition]
    searches = [found for work, found in measured if not work.condition]
    summary = [
        *_summary(f"{len(invariants)} invariants", invariants),
        *_summary(f"{len(searches)} search parameters", searches),
        *_summary("all expressions", invariants + searches),
    ]
    return Report([row for found in (*invariants, *searches) for row in found] + summary, lines)


def works(corpus: list[Any]) -> list[Work]:
    """Return all that is measured, on what ``corpus`` holds."""
    definitions = Definitions.bundled()
    return [*_invariants(corpus, definitions), *_searches(corpus, definitions)]


def _invariants(corpus: list[Any], definitions: Definitions) -> Iterator[Work]:
    for canonical, path, key, check in PUBLISHED:
        structure = definitions.structure(canonical)
        element = structure.by_id[path]
        expression = next(constraint.expression for constraint in element.constraints if constraint.key == key)
        sample = list(_elements(corpus, path))[:MOST_ELEMENTS]
        yield Work(f"invariant {key} on {path}", path, expression, check, sample, condition=True)
    for key, own in json.loads(OWN.read_text("utf-8")).items():
        check = getattr(by_hand, key.replace("-", "_"))
        sample = list(_elements(corpus, own["type"]))
        yield Work(f"invariant {key} on {own['type']}", own["type"], own["expression"], check, sample, condition=True)


def _searches(corpus: list[Any], definitions: Definitions) -> Iterator[Work]:
    for kind, code, check in SEARCHES:
        expression = definitions.search_parameters(kind)[code].expression
        yield Work(f"search {kind}:{code}", kind, expression, check, list(_elements(corpus, kind)), condition=False)


# where elements of a datatype lie in the corpus: a name that only that type has
_NAMES = {
    "Timing.repeat": {"repeat"},
    "Period": {"period", "validityPeriod"},
    "Quantity": {"valueQuantity", "doseQuantity", "quantity", "numerator", "denominator"},
    "Extension": {"extension"},
}


def _elements(corpus: list[Any], path: str) -> Iterator[Any]:
    """Yield what stands at ``path`` (a resource type, an element of one, or a datatype) in the corpus."""
    if path in _NAMES:
        yield from _named(corpus, _NAMES[path])
        return
    kind, _, name = path.partition(".")
    for resource in corpus:
        if resource["resourceType"] == kind:
            yield from _named(resource, {name}) if name else [resource]


def _named(value: Any, names: set[str]) -> Iterator[Any]:
    """Yield the objects that stand under one of ``names`` anywhere in ``value``."""
    if isinstance(value, list):
        for child in value:
            yield from _named(child, names)
    elif isinstance(value, dict):
        for name, child in value.items():
            if name in names:
                children = child if isinstance(child, list) else [child]
                yield from (each for each in children if isinstance(each, dict))
            yield from _named(child, names)


def _measured(work: Work, lines: list[str]) -> list[Row]:
    """Compare, then measure ours, the hand-written twin and the peer on the same sample, side by side."""
    compiled = compile_expression(work.expression, work.type)
    ours = compiled.holds if work.condition else compiled
    expected = [work.by_hand(item) for item in work.sample]
    if not work.sample or [ours(item) for item in work.sample] != expected:
        raise SystemExit(f"{work.name}: the hand-written check and ours differ, or there is nothing to check")
    contenders = {BY_HAND: partial(_all, work.by_hand, work.sample), OURS: partial(_all, ours, work.sample)}
    peer = _peer(work, lines)
    if peer:
        contenders[PEER] = partial(_all, peer, work.sample)
        if _of_peer(peer, work) != expected:
            lines.append(f"{PEER} has another result: {work.name}")
    return rows(work.name, measure(contenders), floor=BY_HAND, units=len(work.sample))


def _all(check: Callable[[Any], Any], sample: list[Any]) -> None:
    for item in sample:
        check(item)


def _peer(work: Work, lines: list[str]) -> Callable[[Any], Any] | None:
    """Return the peer's compiled expression, or None, said once, where it isn't installed or refuses."""
    try:
        import fhirpathpy
        from fhirpathpy.models import models
    except ImportError:
        line = f"{PEER} isn't installed: pip install -e '.[bench]'"
        if line not in lines:
            lines.append(line)
        return None
    try:
        check = fhirpathpy.compile(work.expression, models["r4"])
        if "%resource" in work.expression:  # the peer wants to be told what it is
            told = check
            check = lambda item: told(item, {"resource": item})  # noqa: E731 - the one call more is part of its use
        with contextlib.redirect_stdout(io.StringIO()):  # it prints what trace() sees
            for item in work.sample:
                check(item)
    except Exception as error:  # noqa: BLE001 - whatever stops a peer is told, and the bench goes on
        lines.append(f"{PEER} can't do {work.name}: {type(error).__name__}")
        return None
    return check


def _of_peer(peer: Callable[[Any], Any], work: Work) -> list[Any]:
    found = [peer(item) for item in work.sample]
    return [result == [True] for result in found] if work.condition else found


def _summary(name: str, measured: list[list[Row]]) -> Iterator[Row]:
    """Yield each contender's geometric mean, and the expression on which it does worst."""
    for who in (BY_HAND, OURS, PEER):
        own = [row for found in measured for row in found if row.who == who]
        if own:
            mean = geometric_mean(row.per_second for row in own)
            yield Row(f"{name}, geometric mean", who, mean, geometric_mean(row.ratio for row in own))
    ours = [row for found in measured for row in found if row.who == OURS]
    worst = max(ours, key=lambda row: row.ratio)
    yield Row(f"{name}, worst: {worst.work}", OURS, worst.per_second, worst.ratio)
