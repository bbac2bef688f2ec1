"""Records to FHIR and back: what the mappings compile to, beside the same written by hand, and beside fpml.

`forward` and `back` are the prescriptions of the example stories, the compiled functions alone; the floor is
``bench/mapped_by_hand.py``, which makes the same resources, byte for byte. fpml fills a template for one of them whose
fields are all there: ids and the sentence are given to it, and what it makes is compared with ours.

`whole` is every record of the stories from bytes to bytes on one core: decoded, checked against its schema, mapped,
labelled, validated, encoded. Each step's share is that of the same way with a look at the clock between the steps.

Time is the processor's, for nothing here waits.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bench import mapped_by_hand as by_hand
from bench.frame import OURS, Report, Row, measure, rows
from fhir_iop import consent, data, instruments
from fhir_iop.definitions import Definitions
from fhir_iop.fhir.json import decode, encode
from fhir_iop.mapping import Mappings, order, times
from fhir_iop.mapping.identity import Identity
from fhir_iop.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Callable

FLOOR = "by hand"
PEER = "fpml"
ROUNDS_OF_THE_WHOLE = 15
KEY, ZONE = "a key for the bench", "America/New_York"
EXAMPLES = Path(__file__).parent.parent / "examples"


def records() -> list[dict[str, Any]]:
    """Return the records of all example stories."""
    return [record for path in sorted(EXAMPLES.glob("*/records.json")) for record in decode(path.read_bytes())]


def run() -> Report:
    mappings = Mappings.load([data.folder("mappings")], Definitions.bundled(), id_key=KEY, time_zone=ZONE)
    told = records()
    found, lines = _compared(mappings, [record for record in told if record["record"] == "prescription"])
    whole, shares = _whole(mappings, told)
    return Report([*found, *whole], [*lines, *shares])


# --- the compiled functions ------------------------------------------------------------------------------------------


def _compared(mappings: Mappings, prescriptions: list[dict[str, Any]]) -> tuple[list[Row], list[str]]:
    compiled = mappings.compiled("prescription")
    id_of, moment = Identity(KEY).of, times.normaliser(ZoneInfo(ZONE))
    orders = [compiled.forward(record, [])[0] for record in prescriptions]
    same = [by_hand.forward(record, id_of, moment) for record in prescriptions]
    assert encode(orders) == encode(same), "both make the same"
    grouped = [{"": [("", one)]} for one in orders]
    back = [compiled.backward(one, record["id"], []) for one, record in zip(grouped, prescriptions, strict=True)]
    assert encode(back) == encode([by_hand.back(one, one["identifier"][0]["value"], []) for one in orders])

    def each(function: Callable[[Any], object], items: list[Any]) -> Callable[[], object]:
        return lambda: [function(item) for item in items]

    units = len(prescriptions)
    forward = {
        FLOOR: each(lambda record: by_hand.forward(record, id_of, moment), prescriptions),
        OURS: each(lambda record: compiled.forward(record, []), prescriptions),
    }
    backward = {
        FLOOR: each(lambda one: by_hand.back(one, "x", []), orders),
        OURS: each(lambda one: compiled.backward(one, "x", []), grouped),
    }
    found = rows("forward: prescriptions", measure(forward, clock=process_time), floor=FLOOR, units=units)
    found += rows("back: prescriptions", measure(backward, clock=process_time), floor=FLOOR, units=units)
    record = prescriptions[0]
    alone = {FLOOR: lambda: by_hand.forward(record, id_of, moment), OURS: lambda: compiled.forward(record, [])}
    lines = []
    if importlib.util.find_spec(PEER):
        alone[PEER] = _fpml(record, orders[0])
    else:
        lines.append(f"{PEER} isn't installed: pip install -e '.[bench]'")
    return found + rows("forward: one prescription", measure(alone, clock=process_time), floor=FLOOR), lines


# --- fpml ------------------------------------------------------------------------------------------------------------


def template(record: dict[str, Any], made: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return fpml's template for the order that ``record`` becomes, and what it is given besides: ids and sentences.

    Every place of ``made`` that says a field of the record is an expression; codes are looked up in a dict of the
    context, as its users do.
    """
    given: dict[str, Any] = {"ids": {}, "sentences": []}
    references = {name: made[name]["reference"] for name in ("subject", "encounter", "requester")}
    fields = {"subject": "patient", "encounter": "visit", "requester": "prescriber"}
    given["ids"] = references | {"pharmacy": made["dispenseRequest"]["performer"]["reference"], "id": made["id"]}
    dosages = made["dosageInstruction"]
    given["sentences"] = [dosage["text"] for dosage in dosages]
    found = {**made, "id": "{{ %ids.id }}", "status": "{{ status }}", "authoredOn": "{{ written }}"}
    found["identifier"] = [{**made["identifier"][0], "value": "{{ id }}"}]
    medicine = made["medicationCodeableConcept"]
    coding = {**medicine["coding"][0], "code": "{{ medicine.rxnorm }}"}
    found["medicationCodeableConcept"] = {"coding": [coding], "text": "{{ medicine.name }}"}
    for name, field in fields.items():
        identifier = {**made[name]["identifier"], "value": f"{{{{ {field} }}}}"}
        found[name] = {"reference": f"{{{{ %ids.{name} }}}}", "identifier": identifier}
    dispense = dict(made["dispenseRequest"])
    dispense["validityPeriod"] = {"start": "{{ valid_from }}", "end": "{{ valid_until }}"}
    dispense["numberOfRepeatsAllowed"] = "{{ refills }}"
    dispense["quantity"] = {**dispense["quantity"], "value": "{{ quantity.amount }}", "unit": "{{ quantity.unit }}"}
    dispense["expectedSupplyDuration"] = {**dispense["expectedSupplyDuration"], "value": "{{ days_supply }}"}
    identifier = {**dispense["performer"]["identifier"], "value": "{{ pharmacy }}"}
    dispense["performer"] = {"reference": "{{ %ids.pharmacy }}", "identifier": identifier}
    found["dispenseRequest"] = dispense
    found["dosageInstruction"] = [_dosage(dosage, place) for place, dosage in enumerate(dosages)]
    return found, given


def _dosage(dosage: dict[str, Any], place: int) -> dict[str, Any]:
    step = f"steps[{place}]"
    found = {**dosage, "text": f"{{{{ %sentences[{place}] }}}}"}
    repeat = {**dosage["timing"]["repeat"], "frequency": f"{{{{ {step}.times }}}}"}
    repeat["period"] = f"{{{{ {step}.every.amount }}}}"
    if "boundsDuration" in repeat:
        repeat["boundsDuration"] = {**repeat["boundsDuration"], "value": f"{{{{ {step}.for.amount }}}}"}
    found["timing"] = {"repeat": repeat}
    quantity = dosage["doseAndRate"][0]["doseQuantity"]
    dose = {**quantity, "value": f"{{{{ {step}.dose.amount }}}}", "unit": f"{{{{ {step}.dose.unit }}}}"}
    found["doseAndRate"] = [{"doseQuantity": dose}]
    return found


def _fpml(record: dict[str, Any], made: dict[str, Any]) -> Callable[[], object]:
    from fpml import make_evaluator, resolve_template

    wanted, given = template(record, made)
    evaluate = make_evaluator()

    def fill() -> Any:
        return resolve_template(record, wanted, given, evaluate=evaluate)

    assert fill() == made, "it makes the same"
    return fill


# --- all the way -----------------------------------------------------------------------------------------------------


def _whole(mappings: Mappings, told: list[dict[str, Any]]) -> tuple[list[Row], list[str]]:
    validator = Validator(Definitions.bundled(), unknown_profile="error")
    raw = [encode(record) for record in told]

    def one(text: bytes) -> list[bytes]:
        record, _ = instruments.scored(decode(text))
        resources = consent.label(mappings.to_fhir(record).resources)
        assert not any(found.is_error for resource in resources for found in validator.validate(resource))
        return [encode(resource) for resource in resources]

    seconds = measure({OURS: lambda: [one(text) for text in raw]}, rounds=ROUNDS_OF_THE_WHOLE, clock=process_time)
    found = [Row("whole: records of all kinds", OURS, len(raw) / seconds[OURS], 1.0)]
    steps = _shares(_steps(mappings, validator), raw)
    spent = sum(steps.values())
    found += [Row("whole, step by step", step, len(raw) / each, each / spent) for step, each in steps.items()]
    parts = ", ".join(f"{step} {each / spent:.0%}" for step, each in steps.items())
    return found, [f"Of the whole way: {parts}."]


def _steps(mappings: Mappings, validator: Validator) -> dict[str, Callable[[Any], Any]]:
    """Return the steps in their order: each takes what the one before it returns."""
    moment = times.normaliser(ZoneInfo(ZONE))

    def checked(record: dict[str, Any]) -> dict[str, Any]:
        compiled = mappings.compiled(record["record"])
        assert compiled.validator.is_valid(record)
        assert not order.check(record, compiled.ordered, moment)
        return record

    def validated(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
        assert not any(found.is_error for resource in resources for found in validator.validate(resource))
        return resources

    return {
        "decode": decode,
        "score": lambda record: instruments.scored(record)[0],
        "schema": checked,
        "map": lambda record: mappings.compiled(record["record"]).forward(record, []),
        "label": consent.label,
        "validate": validated,
        "encode": lambda resources: [encode(resource) for resource in resources],
    }


def _shares(steps: dict[str, Callable[[Any], Any]], raw: list[bytes]) -> dict[str, float]:
    """Return the seconds that each step takes of all records, in the best round: one record after the other."""

    def spent() -> dict[str, float]:
        found = dict.fromkeys(steps, 0.0)
        for value in raw:
            begun = process_time()
            for name, step in steps.items():
                value = step(value)  # noqa: PLW2901  # each step goes on with what the one before it made
                done = process_time()
                found[name] += done - begun
                begun = done
        return found

    return min((spent() for _ in range(ROUNDS_OF_THE_WHOLE)), key=lambda found: sum(found.values()))
