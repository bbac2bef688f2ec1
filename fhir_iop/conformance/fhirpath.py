"""HL7's FHIRPath suite (`tests-fhir-r4.xml` and the folder `input` beside it), run through our engine.

A case agrees when the engine gives the expected values, in order unless the case says that order doesn't count, each
with exactly the declared type where one is declared; or when the engine rejects what must be rejected. A `syntax` or
`semantic` fault must be rejected before anything is evaluated; an `execution` fault may be found there already.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fhir_iop import fhirpath
from fhir_iop.conformance.reading import opened
from fhir_iop.conformance.result import Outcome, numbered
from fhir_iop.fhir import json
from fhir_iop.fhir.xml.parsing import parse

if TYPE_CHECKING:
    from pathlib import Path

    from fhir_iop.fhirpath import TypedValue

SUITE = "tests-fhir-r4.xml"
INPUTS = "input"

Fault = Literal["syntax", "semantic", "execution"]


class Value(NamedTuple):
    """A result's type by its FHIR name (None: not declared) and its value as text, dates without their ``@``."""

    type: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.type} {self.text}" if self.type else self.text


@dataclass(frozen=True, slots=True)
class Case:
    """One test of the suite.

    ``resource`` is None where the test has no input. ``fault`` says that the expression must be rejected, and by
    which step; ``predicate`` that the result counts as a condition does: one value that is no boolean is true.
    """

    id: str
    group: str
    expression: str
    resource: dict[str, Any] | None
    fault: Fault | None
    predicate: bool
    ordered: bool
    outputs: tuple[Value, ...]


def read(folder: Path) -> list[Case]:
    """Read every test of the suite in ``folder``; inputs in XML are taken from the JSON file of the same name.

    Raises Unusable where the suite or an input is missing or can't be read.
    """
    suite = opened(folder / SUITE, parse)
    inputs: dict[str, dict[str, Any]] = {}
    tests = [(group.get("name", ""), test) for group in suite.iter("group") for test in group.iter("test")]
    names = numbered(f"{group}/{test.get('name')}" for group, test in tests)
    return [_case(folder, inputs, name, group, test) for name, (group, test) in zip(names, tests, strict=True)]


def _case(folder: Path, inputs: dict[str, dict[str, Any]], name: str, group: str, test: Any) -> Case:
    expression = test.find("expression")
    file = test.get("inputfile")
    if file and file not in inputs:
        inputs[file] = opened((folder / INPUTS / file).with_suffix(".json"), json.decode_object)
    return Case(
        id=name,
        group=group,
        expression=expression.text or "",
        resource=inputs[file] if file else None,
        fault=expression.get("invalid"),
        predicate=test.get("predicate") == "true",
        ordered=test.get("ordered") != "false",
        outputs=tuple(_declared(output) for output in test.findall("output")),
    )


def _declared(output: Any) -> Value:
    name, text = output.get("type"), output.text or ""
    return Value(name, text if name == "string" else text.removeprefix("@").removeprefix("T"))


def run(case: Case) -> Outcome:
    """Evaluate ``case`` and compare. An exception that isn't FhirPathError is our fault, and never an agreement."""
    expected = (f"rejected ({case.fault})",) if case.fault else tuple(map(str, case.outputs))
    agreed = False
    found: tuple[str, ...]
    try:
        step = "compiled"
        expression = fhirpath.compile(case.expression, case.resource["resourceType"] if case.resource else None)
        step = "evaluated"
        values = tuple(map(told, expression.typed(case.resource)))
    except fhirpath.FhirPathError as error:
        agreed = case.fault is not None and (step == "compiled" or case.fault == "execution")
        found = (f"rejected when {step}: {error.message}",)
    except Exception as error:  # noqa: BLE001 - a crash is counted, and the next case runs
        found = (f"crashed when {step}: {type(error).__name__}: {error}",)
    else:
        found = tuple(map(str, values))
        agreed = case.fault is None and _same(case, _predicate(values) if case.predicate else values)
    return Outcome(case.id, case.group, agreed, expected, found, {"expression": case.expression})


def told(value: TypedValue) -> Value:
    """Return a result in the words of the suite: System types by their FHIR names, the value as :func:`written`."""
    name = value.type.removeprefix("FHIR.")
    return Value(_SYSTEM.get(name, name), written(value.value))


_SYSTEM = {
    "System.Boolean": "boolean",
    "System.String": "string",
    "System.Integer": "integer",
    "System.Decimal": "decimal",
    "System.Date": "date",
    "System.DateTime": "dateTime",
    "System.Time": "time",
    "System.Quantity": "Quantity",
}


def written(value: Any) -> str:
    """Write a value as a FHIRPath literal does, without quotes and ``@``; an object that is no quantity as JSON.

    A primitive that has only extensions has no value to write.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return _quantity(value) if "value" in value else json.encode(value).decode()
    return str(value)


def _quantity(value: dict[str, Any]) -> str:
    code = value.get("code")
    unit = value.get("unit", "") if code is None else f"'{code}'"
    return f"{written(value['value'])} {unit}".rstrip()


def _predicate(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Read a result as a condition (https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections)."""
    if len(values) == 1 and values[0].type != "boolean":
        return (Value("boolean", "true"),)
    return values


def _same(case: Case, values: tuple[Value, ...]) -> bool:
    if len(case.outputs) != len(values):
        return False
    if case.ordered:
        return all(map(_matches, case.outputs, values))
    left = list(values)
    for output in case.outputs:
        match = next((value for value in left if _matches(output, value)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _matches(output: Value, value: Value) -> bool:
    return output.text == value.text and output.type in (None, value.type)
