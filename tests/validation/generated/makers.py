"""Types of which the standard's text says more than their definition: each has a maker of its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.validation.generated.codes import UCUM
from tests.validation.generated.primitives import HOST, draw, uuid

if TYPE_CHECKING:
    from random import Random

    from fhir_iop.validation.expected import Expected
    from tests.validation.generated.generator import Generator, Making

Maker = Callable[["Generator", "Expected", int, "Making", dict[str, Any]], dict[str, Any]]

_UNITS = {
    "Age": (("a", "years"), ("mo", "months"), ("wk", "weeks"), ("d", "days")),
    "Duration": (("s", "s"), ("min", "min"), ("h", "hours"), ("d", "days"), ("wk", "weeks"), ("mo", "months")),
    "Distance": (("m", "m"), ("cm", "cm"), ("km", "km")),
    "Count": (("1", "1"),),
}
_COMMON = (
    ("mg", "mg"),
    ("mL", "mL"),
    ("kg", "kg"),
    ("%", "%"),
    ("{tbl}", "tablets"),
    ("mm[Hg]", "mmHg"),
    ("/min", "per min"),
)


def merged(start: Any, more: Any) -> Any:
    """Return ``start`` with what ``more`` adds; where both say something else ``start`` stands."""
    if isinstance(start, dict) and isinstance(more, dict):
        return {
            name: merged(start[name], more[name]) if name in start and name in more else start.get(name, more.get(name))
            for name in {**start, **more}
        }
    if isinstance(start, list) and isinstance(more, list):
        return start + [item for item in more if item not in start]
    return start


def plain(
    generator: Generator, expected: Expected, depth: int, making: Making, start: dict[str, Any]
) -> dict[str, Any]:
    """Make an object of whose type nothing more is said."""
    return generator.object(expected, depth, making, start)


def coding(
    generator: Generator, expected: Expected, depth: int, making: Making, start: dict[str, Any]
) -> dict[str, Any]:
    """Make a Coding whose code is one of its system."""
    slots = generator.plan(expected).by_name
    is_settled = "code" in start or ("code" in slots and _is_settled(generator, slots["code"].member.expected("code")))
    if not is_settled:
        start = merged(start, generator.codes.coding(expected, making.rng)) if "system" not in start else start
    made = generator.object(expected, depth, making, start)
    # No version that nobody knows, and nothing that doesn't belong together.
    for name in {"version", "display"} if is_settled else {"version", "system", "code", "display"}:
        if name not in start:
            made.pop(name, None)
            made.pop("_" + name, None)
    return made


def concept(
    generator: Generator, expected: Expected, depth: int, making: Making, start: dict[str, Any]
) -> dict[str, Any]:
    """Make a CodeableConcept: text, codings, or both; a code of what it is bound to."""
    rng = making.rng
    choice = generator.codes.choice(expected)
    slot = generator.plan(expected).by_name["coding"]
    codes = generator.plan(slot.member.expected("Coding")).by_name
    is_settled = bool(slot.slicings) or _is_settled(generator, codes["code"].member.expected("code"))
    if "coding" not in start and not is_settled and (choice.is_required or rng.random() < 0.6):
        start = start | {"coding": [generator.codes.coding(expected, rng)]}
    made = generator.object(expected, depth, making, start)
    if not is_settled:  # one that is added at random could mean something else
        kept = made.get("coding", [])[: len(start.get("coding", ()))]
        for name in ("coding", "_coding"):
            made.pop(name, None)
        made |= {"coding": kept} if kept else {}
        if not made:
            made["text"] = draw(rng, "string")
    return made


def quantity(
    generator: Generator, expected: Expected, depth: int, making: Making, start: dict[str, Any]
) -> dict[str, Any]:
    """Make a Quantity, or one of its kinds, with a unit of its kind."""
    rng = making.rng
    slots = generator.plan(expected).by_name
    choice = generator.codes.choice(expected)
    is_settled = "code" in slots and _is_settled(generator, slots["code"].member.expected("code"))
    if choice.codes and not is_settled:
        system, code = rng.choice(choice.codes)
        start = merged(start, {"system": system, "code": code, "unit": code})
    elif not is_settled and (expected.type in _UNITS or rng.random() < 0.6):
        code, unit = rng.choice(_UNITS.get(expected.type, _COMMON))
        start = merged(start, {"system": UCUM, "code": code, "unit": unit})
    if expected.type in _UNITS or rng.random() < 0.9:
        is_count = start.get("code") == "1"
        start = merged(start, {"value": Decimal(rng.randint(1, 400)).scaleb(0 if is_count else -rng.choice((0, 0, 1)))})
    made = generator.object(expected, depth, making, start)
    if not is_settled:
        for name in {"system", "code"} - start.keys():
            made.pop(name, None)
            made.pop("_" + name, None)
    return made


def _is_settled(generator: Generator, code: Expected) -> bool:
    """Whether the definition itself says which codes a quantity's unit has."""
    plan = generator.plan(code)
    return bool(plan.fixed) or plan.pattern is not None or bool(generator.codes.choice(code).codes)


def measure(attachment: dict[str, Any]) -> None:
    """Let an Attachment's size and hash be those of its data."""
    if "data" in attachment:
        data = base64.b64decode(attachment["data"])
        attachment |= {"size": len(data)} if "size" in attachment else {}
        # https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash
        attachment |= {"hash": base64.b64encode(hashlib.sha1(data).digest()).decode()} if "hash" in attachment else {}


def identifier(
    generator: Generator, expected: Expected, depth: int, making: Making, start: dict[str, Any]
) -> dict[str, Any]:
    """Make an Identifier: of a site's own system, now and then a URI."""
    rng = making.rng
    if "system" not in start and "value" not in start:
        own = {"system": f"{HOST}/ids/{rng.randint(1, 9)}", "value": f"N-{rng.randint(1, 99999)}"}
        start = start | (own if rng.random() < 0.85 else {"system": "urn:ietf:rfc:3986", "value": uuid(rng)})
    return generator.object(expected, depth, making, start)


def reference(
    generator: Generator, expected: Expected, depth: int, making: Making, start: dict[str, Any]
) -> dict[str, Any]:
    """Make a Reference to something that the element admits."""
    return generator.references.make(expected, depth, making, start)


def expression(
    generator: Generator, expected: Expected, depth: int, making: Making, start: dict[str, Any]
) -> dict[str, Any]:
    """Make an Expression: FHIRPath where it says so, and text that is FHIRPath where it says something else."""
    texts = ("1 + 1 = 2", "%resource.id.exists()", "item.where(linkId = 'a').answer.value", "{}")
    return generator.object(expected, depth, making, {"expression": making.rng.choice(texts)} | start)


def settle_questions(questionnaire: dict[str, Any], rng: Random) -> None:
    """Let the conditions of a Questionnaire ask of its own questions, and none of the one that has it."""
    items: list[dict[str, Any]] = [*questionnaire.get("item", ())]
    for item in items:
        items += item.get("item", ())
    links = [item["linkId"] for item in items]
    for item in items:
        others = [link for link in links if link != item["linkId"]]
        for when in item.get("enableWhen", ()):
            when["question"] = rng.choice(others or links)
        if not others:
            item.pop("enableWhen", None)


def settle_requests(bundle: dict[str, Any]) -> None:
    """Let the requests of a Bundle's entries be such as can be asked of what is sent with them."""
    for entry in bundle.get("entry", ()):
        if "request" not in entry:
            continue
        resource = entry.get("resource")
        url = "metadata" if resource is None else resource["resourceType"]
        entry["request"].pop("ifNoneExist", None)
        entry["request"] |= {"method": "GET" if resource is None else "POST", "url": url}


MAKERS: dict[str, Maker] = {
    "Age": quantity,
    "CodeableConcept": concept,
    "Coding": coding,
    "Count": quantity,
    "Distance": quantity,
    "Duration": quantity,
    "Expression": expression,
    "Identifier": identifier,
    "Quantity": quantity,
    "Reference": reference,
}
