"""Defects of what a resource has around its elements: extensions, contained resources, and the Bundle it stands in."""

from collections.abc import Iterator
from typing import Any

from tests.validation.seeded.seed import Edit, Example, Seed, add, both, give, put

HL7 = "http://hl7.org/fhir/StructureDefinition/"
ABSENT = {"url": HL7 + "data-absent-reason", "valueCode": "unknown"}
PARTS = {"url": HL7 + "translation", "extension": [
    {"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": "texto"},
]}  # fmt: skip


# --- extensions -----------------------------------------------------------------------------------------------------


def broken_extension(example: Example) -> Iterator[Seed]:
    extensions = len(example.resource.get("extension", ()))
    place = f"{example.type}.extension[{extensions}]"
    right = add(("extension",), ABSENT)
    for rule, at, extension in (
        ("extension-unknown", "", {"url": "https://elsewhere.test/extension", "valueCode": "x"}),
        ("extension-context", "", {"url": HL7 + "patient-birthTime", "valueDateTime": "1990-02-28T01:00:00Z"}),
        ("extension-relative", "", {"url": "part", "valueCode": "x"}),
        ("type-not-allowed", ".value.ofType(string)", ABSENT | {"valueString": "unknown", "valueCode": None}),
        ("binding-required", ".value.ofType(code)", ABSENT | {"valueCode": "bogus"}),
        ("unknown-element", ".vaule", ABSENT | {"vaule": 1}),
        ("min", "", {"valueCode": "unknown"}),
        ("max", ".extension[0]", {"url": ABSENT["url"], "valueCode": "unknown", "extension": [ABSENT]}),
    ):
        without = {key: value for key, value in extension.items() if value is not None}
        yield Seed(rule, place + at, add(("extension",), without), right)
    if not example.has("modifierExtension"):
        place = f"{example.type}.modifierExtension[0]"
        unknown = {"url": "https://elsewhere.test/extension", "valueCode": "x"}
        yield Seed("modifier-extension-unknown", place, add(("modifierExtension",), unknown), right)
        yield Seed("extension-not-modifier", place, add(("modifierExtension",), ABSENT), right)


def broken_part_of_an_extension(example: Example) -> Iterator[Seed]:
    for spot in example.spots:
        if spot.type == "string" and spot.key == "display" and isinstance(spot.path[-1], str):
            sibling = (*spot.holder, "_display")
            more = PARTS | {"extension": [*PARTS["extension"], {"url": "language", "valueCode": "es"}]}
            less = PARTS | {"extension": PARTS["extension"][:1]}
            right = put(sibling, {"extension": [PARTS]})
            inside = f"{spot.place}.extension[0]"
            yield Seed("extension-part-unknown", f"{inside}.extension[2]", put(sibling, {"extension": [more]}), right)
            yield Seed("slice-min", inside, put(sibling, {"extension": [less]}), right)


# --- contained resources --------------------------------------------------------------------------------------------

AUTHOR = {
    "resourceType": "Practitioner",
    "id": "author",
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "9941339100"}],
    "name": [{"family": "Invented"}],
}
LABEL = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}


def refer(example: Example, id_: str = "author") -> Edit:
    """Let an element that the example doesn't have refer to a contained resource."""
    target = {"reference": f"#{id_}"}
    if example.type == "MedicationRequest":
        return give((), recorder=target)
    name = {"CarePlan": "author", "Observation": "performer", "QuestionnaireResponse": "author"}[example.type]
    return give((), **{name: [target] if example.type == "Observation" else target})


def broken_contained_resource(example: Example) -> Iterator[Seed]:
    count = len(example.resource.get("contained", ()))
    place = f"{example.type}.contained[{count}]"
    right = both(add(("contained",), AUTHOR), refer(example))

    def contained(**changes: Any) -> Edit:
        changed = {key: value for key, value in (AUTHOR | changes).items() if value is not None}
        return both(add(("contained",), changed), refer(example))

    nameless = {key: value for key, value in AUTHOR.items() if key != "id"}
    yield Seed("contained-id", place, add(("contained",), nameless), right)
    yield Seed(
        "contained-twice", f"{example.type}.contained[{count + 1}]", both(right, add(("contained",), AUTHOR)), right
    )
    yield Seed("contained-orphan", place, add(("contained",), AUTHOR), right)
    yield Seed("resource-type-missing", place, contained(resourceType=None), right)
    yield Seed("resource-type-unknown", place, contained(resourceType="Chicken"), right)
    yield Seed("unknown-element", f"{place}.nmae", contained(nmae=[]), right)
    yield Seed("binding-required", f"{place}.gender", contained(gender="unclear"), right)
    yield Seed("dom-4", example.type, contained(meta={"versionId": "1"}), right)
    yield Seed("dom-5", example.type, contained(meta={"security": [LABEL]}), right)


def broken_attachment(example: Example) -> Iterator[Seed]:
    if example.type not in {"Observation", "CarePlan", "MedicationRequest"} or example.has("derivedFrom"):
        return
    name = {"Observation": "derivedFrom", "CarePlan": "supportingInfo", "MedicationRequest": "supportingInformation"}
    count = len(example.resource.get("contained", ()))

    def document(**changes: Any) -> Edit:
        attachment = {"contentType": "text/plain", "data": "SGVsbG8=", "size": 5} | changes
        attachment = {key: value for key, value in attachment.items() if value is not None}
        inside = {"resourceType": "DocumentReference", "id": "scan", "status": "current"}
        inside["content"] = [{"attachment": attachment}]  # type: ignore[assignment]
        return both(add(("contained",), inside), give((), **{name[example.type]: [{"reference": "#scan"}]}))

    place = f"{example.type}.contained[{count}].content[0].attachment"
    yield Seed("attachment-size", f"{place}.size", document(size=6), document())
    yield Seed("att-1", place, document(contentType=None), document())
    yield Seed("primitive-format", f"{place}.data", document(data="%%%"), document())


# --- Bundles --------------------------------------------------------------------------------------------------------

BASE = "https://ehr.example.org/r4"
URN = "urn:uuid:0d0e3b6a-3f0c-4f1e-9f1e-0123456789ab"
OTHER = {"resourceType": "Patient", "id": "somebody", "name": [{"family": "Invented"}]}


def bundled(*, full_url: str | None = URN, other_url: str = f"{BASE}/Patient/somebody", **more: Any) -> Edit:
    """Put the example into a Bundle, beside a Patient."""

    def edit(resource: dict[str, Any]) -> dict[str, Any]:
        entry = {"fullUrl": full_url, "resource": resource} if full_url else {"resource": resource}
        beside = {"fullUrl": other_url, "resource": OTHER}
        return {"resourceType": "Bundle", "type": "collection", "entry": [entry, beside]} | more

    return edit


def broken_bundle(example: Example) -> Iterator[Seed]:
    right = bundled()
    link = {"relation": "self", "url": BASE}
    for rule, place, broken in (
        ("bundle-full-url", "Bundle.entry[0]", bundled(full_url=None)),
        ("bundle-full-url-relative", "Bundle.entry[0].fullUrl", bundled(full_url=f"{example.type}/1")),
        ("bundle-full-url-differs", "Bundle.entry[1].fullUrl", bundled(other_url=f"{BASE}/Patient/other")),
        ("bdl-7", "Bundle", bundled(other_url=URN)),
        ("bundle-link-twice", "Bundle.link[1]", bundled(type="searchset", link=[link, link])),
        ("bdl-1", "Bundle", bundled(total=2)),
        ("bdl-3", "Bundle", bundled(type="batch")),
        ("binding-required", "Bundle.type", bundled(type="bag")),
        ("min", "Bundle.link[0]", bundled(link=[{"url": BASE}])),
    ):
        yield Seed(rule, place, broken, right)


def defect_in_an_entry(example: Example) -> Iterator[Seed]:
    def edit(resource: dict[str, Any]) -> Any:
        return bundled()(resource | {"statsu": "final"})

    yield Seed("unknown-element", "Bundle.entry[0].resource.statsu", edit, bundled())
    if example.has("subject") and not example.has("contained"):
        for rule, reference in (
            ("bundle-reference-missing", "urn:uuid:11111111-3f0c-4f1e-9f1e-0123456789ab"),
            ("bundle-reference-differs", "Patient/somebody"),
        ):
            place = "Bundle.entry[0].resource.subject.reference"

            def refers(resource: dict[str, Any], reference: str = reference) -> Any:
                return bundled()(resource | {"subject": {"reference": reference}})

            yield Seed(rule, place, refers, bundled())


KINDS = (
    broken_extension,
    broken_part_of_an_extension,
    broken_contained_resource,
    broken_attachment,
    broken_bundle,
    defect_in_an_entry,
)
