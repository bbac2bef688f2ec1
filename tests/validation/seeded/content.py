"""Defects in what values say: codes, identifiers, references, profiles, narratives."""

from collections.abc import Iterator
from typing import Any

from tests.validation.seeded.seed import Example, Seed, add, both, drop, give, mark, put
from tests.validation.seeded.spots import Spot

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
ELSEWHERE = "https://elsewhere.test/codes"
# A code of a required value set, and another that means no more or less to any rule.
SAME = {"final": "amended", "active": "on-hold", "completed": "amended", "generated": "additional", "order": "plan"}


def coded(system: str, code: str, **more: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, **more}]}


# --- codes --------------------------------------------------------------------------------------------------------


def code_outside_a_required_set(example: Example) -> Iterator[Seed]:
    for spot in example.spots:
        bindings = [element.binding for element in spot.elements if element.binding]
        if spot.type == "code" and any(binding.strength == "required" for binding in bindings) and not spot.sliced:
            is_narrowed = len({binding.value_set for binding in bindings}) > 1
            control = mark(spot.path) if is_narrowed or spot.value not in SAME else put(spot.path, SAME[spot.value])
            yield Seed("binding-required", spot.place, put(spot.path, "bogus"), control)


def no_code_where_one_is_required(example: Example) -> Iterator[Seed]:
    for name in ("status", "intent"):
        if example.has(name):
            absent = both(drop((name,)), put((f"_{name}",), ABSENT))
            yield Seed("binding-no-code", f"{example.type}.{name}", absent, mark((name,)))
    if example.type == "Observation" and example.claims("us-core-observation-lab"):
        text = put(("code",), {"text": "Sodium"})
        yield Seed("binding-no-code", "Observation.code", text, give(("code",), text="Sodium"), severity="warning")


def code_outside_an_extensible_set(example: Example) -> Iterator[Seed]:
    if example.type == "Observation" and not example.has("interpretation"):
        right = add(("interpretation",), coded(TERMINOLOGY + "v3-ObservationInterpretation", "H"))
        wrong = add(("interpretation",), coded(ELSEWHERE, "x"))
        yield Seed("binding-extensible", "Observation.interpretation[0]", wrong, right)
    for index, component in enumerate(example.resource.get("component", ())):
        if "interpretation" not in component:
            path = ("component", index, "interpretation")
            right = add(path, coded(TERMINOLOGY + "v3-ObservationInterpretation", "H"))
            place = f"Observation.component[{index}].interpretation[0]"
            yield Seed("binding-extensible", place, add(path, coded(ELSEWHERE, "x")), right)


def code_outside_a_preferred_set(example: Example) -> Iterator[Seed]:
    if example.type == "Observation":
        place = f"Observation.category[{len(example.resource['category'])}]"
        right = add(("category",), coded(TERMINOLOGY + "observation-category", "therapy"))
        yield Seed("binding-preferred", place, add(("category",), coded(ELSEWHERE, "x")), right)


def code_outside_a_maximum_set(example: Example) -> Iterator[Seed]:
    broken, control = give((), language="english_us"), give((), language="en-US")
    yield Seed("binding-maximum", f"{example.type}.language", broken, control)


def code_that_its_system_lacks(example: Example) -> Iterator[Seed]:
    if example.type == "Observation" and not example.has("interpretation"):
        system = TERMINOLOGY + "v3-ObservationInterpretation"
        wrong, right = (add(("interpretation",), coded(system, code)) for code in ("bogus", "H"))
        yield Seed("code-unknown", "Observation.interpretation[0].coding[0].code", wrong, right)
    for spot in codings(example):
        system = example.definitions.code_system(spot.value["system"])
        if system is not None and system.content == "complete" and not spot.sliced and not is_fixed(example, spot):
            yield Seed("code-unknown", f"{spot.place}.code", give(spot.path, code="bogus"), mark(spot.path))


def code_without_a_system(example: Example) -> Iterator[Seed]:
    for spot in codings(example):
        if not spot.sliced and not is_fixed(example, spot) and not spot.place.startswith("QuestionnaireResponse.item"):
            yield Seed("code-no-system", spot.place, drop((*spot.path, "system")), mark(spot.path))


def other_display(example: Example) -> Iterator[Seed]:
    for spot in codings(example):
        display = example.definitions.display(spot.value["system"], spot.value["code"])
        if display:
            wrong, right = (give(spot.path, display=text) for text in ("Something else", display.upper()))
            yield Seed("display", f"{spot.place}.display", wrong, right)


def codings(example: Example) -> Iterator[Spot]:
    return (spot for spot in example.spots if spot.type == "Coding" and {"system", "code"} <= spot.value.keys())


def is_fixed(example: Example, spot: Spot) -> bool:
    around = (other for other in example.spots if spot.path[: len(other.path)] == other.path)
    return any(other.is_fixed for other in around)


# --- addresses ------------------------------------------------------------------------------------------------------


def identifier_that_is_no_uri(example: Example) -> Iterator[Seed]:
    def identifier(value: str) -> Any:
        one = {"system": "urn:ietf:rfc:3986", "value": value}
        return give((), identifier=one if example.type == "QuestionnaireResponse" else [one])

    index = "" if example.type == "QuestionnaireResponse" else "[0]"
    right = identifier("urn:uuid:0d0e3b6a-3f0c-4f1e-9f1e-0123456789ab")
    yield Seed("identifier-uri", f"{example.type}.identifier{index}.value", identifier("12345"), right)


def relative_canonical(example: Example) -> Iterator[Seed]:
    if example.type in {"CarePlan", "MedicationRequest"}:
        wrong, right = (
            give((), instantiatesCanonical=[url + "PlanDefinition/x"]) for url in ("", "https://example.org/fhir/")
        )
        yield Seed("canonical-relative", f"{example.type}.instantiatesCanonical[0]", wrong, right)


def profile_that_does_not_fit(example: Example) -> Iterator[Seed]:
    profiles = len(example.resource.get("meta", {}).get("profile", ()))
    place = f"{example.type}.meta.profile[{profiles}]"

    def meta(resource: dict[str, Any]) -> None:
        resource.setdefault("meta", {})

    control = add(("meta", "profile"), f"http://hl7.org/fhir/StructureDefinition/{example.type}")
    for rule, url in (
        ("profile-unknown", "https://elsewhere.test/fhir/StructureDefinition/none"),
        ("profile-other-type", "http://hl7.org/fhir/StructureDefinition/Patient"),
    ):
        yield Seed(rule, place, both(meta, add(("meta", "profile"), url)), both(meta, control))


# --- references -----------------------------------------------------------------------------------------------------


def broken_reference(example: Example) -> Iterator[Seed]:
    for spot in example.spots:
        if spot.type != "Reference" or "reference" not in spot.value or spot.value["reference"].startswith("#"):
            continue
        literal = f"{spot.place}.reference"
        for rule, place, reference in (
            ("reference-form", literal, "Patient/has space"),
            ("reference-unknown-type", literal, "Chicken/1"),
            ("reference-contained", literal, "#nobody"),
            ("reference-target", spot.place, "ValueSet/1"),
        ):
            yield Seed(rule, place, give(spot.path, reference=reference), mark(spot.path))
        type_ = spot.value["reference"].rpartition("/")[0]
        if type_ in {"Patient", "Practitioner", "Encounter"}:
            yield Seed(
                "reference-type-differs", spot.place, give(spot.path, type="Location"), give(spot.path, type=type_)
            )


NOT_FOR_US = {"resourceType": "Patient", "id": "nameless"}  # no name, no identifier: no Patient of US Core


def target_of_another_profile(example: Example) -> Iterator[Seed]:
    """The Patient is at hand, and isn't as US Core wants it."""
    if example.has("subject") and len(example.structures) > 1:
        broken, control = (
            put(("subject",), {"reference": f"Patient/{id_}"}) for id_ in (NOT_FOR_US["id"], "somebody-elsewhere")
        )
        yield Seed("reference-profile", f"{example.type}.subject", broken, control)


# --- narrative ------------------------------------------------------------------------------------------------------

MARKUP = (
    ("narrative-element", "<script>x</script>"),
    ("narrative-attribute", '<p onclick="x()">x</p>'),
    ("narrative-entity", "&nbsp;"),
    ("narrative-markup", "<p>x"),
    ("narrative-active", '<a href="javascript:x()">x</a>'),
    ("narrative-link", '<a href="#nowhere-at-all">x</a>'),
)


def broken_narrative(example: Example) -> Iterator[Seed]:
    if not example.has("text"):
        return
    div = example.resource["text"]["div"]
    path, place = ("text", "div"), f"{example.type}.text.div"
    control = put(path, div.removesuffix("</div>") + '<p class="seeded">x</p></div>')
    for rule, markup in MARKUP:
        yield Seed(rule, place, put(path, div.removesuffix("</div>") + markup + "</div>"), control)
    if "narrative-loads" not in div and "<img" not in div:
        loading = div.removesuffix("</div>") + '<img src="https://elsewhere.test/pixel.png" alt="x"/></div>'
        yield Seed("narrative-loads", place, put(path, loading), control)
    yield Seed("narrative-root", place, put(path, div + "x"), control)
    yield Seed("narrative-namespace", place, put(path, div.replace("1999/xhtml", "1999/other")), control)
    yield Seed("narrative-empty", place, put(path, '<div xmlns="http://www.w3.org/1999/xhtml"> </div>'), control)


KINDS = (
    code_outside_a_required_set,
    no_code_where_one_is_required,
    code_outside_an_extensible_set,
    code_outside_a_preferred_set,
    code_outside_a_maximum_set,
    code_that_its_system_lacks,
    code_without_a_system,
    other_display,
    identifier_that_is_no_uri,
    relative_canonical,
    profile_that_does_not_fit,
    broken_reference,
    target_of_another_profile,
    broken_narrative,
)
