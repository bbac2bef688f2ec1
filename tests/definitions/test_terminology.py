"""Value sets, what is known of their codes, and concept maps both ways."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions, Membership
from fhir_iop.definitions.codes import Codes, Expansion, Known
from fhir_iop.definitions.packages import package_of
from fhir_iop.definitions.translation import Translation
from fhir_iop.fhir.quantity import UCUM

BASE = "https://example.org/fhir/test"
ANIMALS, FRAGMENT = f"{BASE}/CodeSystem/animals", f"{BASE}/CodeSystem/fragment"

MEMBER, NOT_MEMBER, UNKNOWN = Membership.MEMBER, Membership.NOT_MEMBER, Membership.UNKNOWN


def animal(code: str, *below: dict[str, Any], **properties: Any) -> dict[str, Any]:
    told = [{"code": name, **({"valueBoolean": value} if isinstance(value, bool) else {"valueCode": value})}
            for name, value in properties.items()]  # fmt: skip
    return {"code": code, "display": code.title(), "property": told, "concept": list(below)}


SYSTEM = {
    "resourceType": "CodeSystem",
    "url": ANIMALS,
    "status": "active",
    "content": "complete",
    "hierarchyMeaning": "is-a",
    "concept": [
        animal(
            "animal",
            animal("mammal", animal("dog", sound="bark", pet=True), animal("whale", sound="song")),
            animal("bird", animal("parrot", sound="talk", pet=True), animal("duck", sound="quack")),
            animal("pet", child="dog"),
        )
    ],
}
PARTIAL = {
    "resourceType": "CodeSystem",
    "url": FRAGMENT,
    "status": "active",
    "content": "fragment",
    "caseSensitive": False,
    "concept": [{"code": "Here", "concept": [{"code": "below"}]}],
}


def value_set(name: str, *include: dict[str, Any], exclude: list[dict[str, Any]] | None = None, **other: Any) -> Any:
    compose = {"include": list(include), "exclude": exclude or []}
    return {
        "resourceType": "ValueSet",
        "url": f"{BASE}/ValueSet/{name}",
        "status": "active",
        "compose": compose,
    } | other


def definitions(*resources: Any) -> Definitions:
    return Definitions.bundled().with_packages(package_of([SYSTEM, PARTIAL, *resources], "example.test", "1.0.0"))


def expanded(*include: dict[str, Any], exclude: list[dict[str, Any]] | None = None) -> Expansion:
    return definitions(value_set("v", *include, exclude=exclude)).expansion(f"{BASE}/ValueSet/v")


def filtered(property_: str, op: str, value: str, system: str = ANIMALS) -> dict[str, Any]:
    return {"system": system, "filter": [{"property": property_, "op": op, "value": value}]}


ALL = {"animal", "mammal", "dog", "whale", "bird", "parrot", "duck", "pet"}


@pytest.mark.parametrize(
    ("include", "codes"),
    [
        ({"system": ANIMALS}, ALL),
        ({"system": ANIMALS, "concept": [{"code": "dog"}, {"code": "duck"}]}, {"dog", "duck"}),
        (filtered("concept", "is-a", "bird"), {"bird", "parrot", "duck"}),
        (filtered("concept", "is-a", "pet"), {"pet", "dog"}),
        (filtered("concept", "descendent-of", "mammal"), {"dog", "whale"}),
        (filtered("concept", "is-not-a", "bird"), ALL - {"bird", "parrot", "duck"}),
        (filtered("concept", "generalizes", "dog"), {"dog", "mammal", "animal", "pet"}),
        (filtered("sound", "=", "bark"), {"dog"}),
        (filtered("pet", "=", "true"), {"dog", "parrot"}),
        (filtered("sound", "in", "bark,quack"), {"dog", "duck"}),
        (filtered("sound", "not-in", "bark, quack"), ALL - {"dog", "duck"}),
        (filtered("sound", "exists", "true"), {"dog", "whale", "parrot", "duck"}),
        (filtered("sound", "exists", "false"), {"animal", "mammal", "bird", "pet"}),
        (filtered("code", "regex", "d.*"), {"dog", "duck"}),
        (filtered("display", "regex", "P.*"), {"parrot", "pet"}),
        (filtered("code", "regex", "d"), set()),
        (filtered("parent", "=", "bird"), {"parrot", "duck"}),
        (filtered("concept", "is-a", "no-such-code"), set()),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_an_include_of_a_complete_system(include: dict[str, Any], codes: set[str]) -> None:
    found = expanded(include)
    assert found.is_exact
    assert found.bare == codes


def test_filters_of_one_include_must_all_pass_and_includes_add_up() -> None:
    both = {"system": ANIMALS, "filter": [
        {"property": "concept", "op": "is-a", "value": "bird"}, {"property": "pet", "op": "exists", "value": "true"},
    ]}  # fmt: skip
    assert expanded(both).bare == {"parrot"}
    assert expanded(both, {"system": ANIMALS, "concept": [{"code": "dog"}]}).bare == {"parrot", "dog"}


def test_what_is_excluded_is_out() -> None:
    found = expanded({"system": ANIMALS}, exclude=[filtered("concept", "is-a", "bird")])
    assert found.bare == ALL - {"bird", "parrot", "duck"}


@pytest.mark.parametrize("op", ["regex", "="])
@pytest.mark.parametrize("value", ["(a+)+$", "(a|aa)+$", ".*.*.*x", "(", "x" * 300])
def test_a_pattern_that_may_not_be_run_leaves_codes_unknown(op: str, value: str) -> None:
    found = expanded(filtered("code", op, value))
    assert found.membership(ANIMALS, "dog") is (UNKNOWN if op == "regex" else NOT_MEMBER)
    assert found.membership("urn:other", "dog") is NOT_MEMBER


def test_a_filter_that_nobody_knows_leaves_codes_unknown() -> None:
    assert expanded(filtered("code", "rhymes-with", "dog")).membership(ANIMALS, "frog") is NOT_MEMBER
    assert expanded(filtered("code", "rhymes-with", "dog")).membership(ANIMALS, "dog") is UNKNOWN


def test_a_system_that_is_not_at_hand() -> None:
    found = expanded({"system": "urn:far"}, {"system": "urn:listed", "concept": [{"code": "a"}]})
    assert not found.is_exact
    assert found.membership("urn:far", "anything") is UNKNOWN
    assert found.membership("urn:listed", "a") is MEMBER
    assert found.membership("urn:listed", "b") is NOT_MEMBER
    assert found.membership("urn:third", "a") is NOT_MEMBER
    assert found.membership(None, "a") is MEMBER
    assert found.membership(None, "b") is UNKNOWN


def test_a_fragment_is_known_in_part() -> None:
    found = expanded({"system": FRAGMENT})
    assert found.membership(FRAGMENT, "Here") is MEMBER
    assert found.membership(FRAGMENT, "there") is UNKNOWN
    below = expanded(filtered("concept", "is-a", "below", FRAGMENT))
    assert below.membership(FRAGMENT, "below") is MEMBER
    assert below.membership(FRAGMENT, "there") is UNKNOWN


def test_excluding_what_is_known_in_part() -> None:
    found = expanded({"system": ANIMALS}, exclude=[{"valueSet": ["urn:far"]}])
    assert found.membership(ANIMALS, "dog") is UNKNOWN
    assert found.membership(ANIMALS, "no-such-code") is NOT_MEMBER
    wide = expanded({"system": "urn:far"}, exclude=[{"system": "urn:far", "concept": [{"code": "a"}]}])
    assert wide.membership("urn:far", "a") is NOT_MEMBER
    assert wide.membership("urn:far", "b") is UNKNOWN


def test_nested_value_sets_narrow_each_other() -> None:
    birds = value_set("birds", filtered("concept", "is-a", "bird"))
    pets = value_set("pets", filtered("pet", "exists", "true"))
    both = value_set("both", {"valueSet": [birds["url"], pets["url"]]})
    system_too = value_set("system", {"system": ANIMALS, "valueSet": [birds["url"]]})
    missing = value_set("missing", {"valueSet": [birds["url"], "urn:far"]})
    known = definitions(birds, pets, both, system_too, missing)
    assert known.expansion(both["url"]).bare == {"parrot"}
    assert known.expansion(system_too["url"]).bare == {"bird", "parrot", "duck"}
    assert known.membership(missing["url"], ANIMALS, "duck") is UNKNOWN
    assert known.membership(missing["url"], ANIMALS, "dog") is NOT_MEMBER
    assert known.codes(both["url"]) == {"parrot"}
    assert known.codes(missing["url"]) is None


def test_value_sets_that_include_each_other_end() -> None:
    one = value_set("one", {"valueSet": [f"{BASE}/ValueSet/two"]}, {"system": ANIMALS, "concept": [{"code": "dog"}]})
    two = value_set("two", {"valueSet": [f"{BASE}/ValueSet/one"]}, {"system": ANIMALS, "concept": [{"code": "duck"}]})
    known = definitions(one, two)
    for each in (one, two, one):
        assert known.membership(each["url"], ANIMALS, "dog") is MEMBER
        assert known.membership(each["url"], ANIMALS, "duck") is MEMBER
        assert known.membership(each["url"], ANIMALS, "whale") is UNKNOWN


def test_a_published_expansion_speaks_where_the_compose_cannot() -> None:
    contains = [{"system": "urn:far", "code": "a", "contains": [{"system": "urn:far", "code": "b"}]}]
    far = value_set("far", {"system": "urn:far"}, expansion={"contains": contains})
    page = value_set("page", {"system": "urn:far"}, expansion={"total": 3, "contains": contains})
    known = definitions(far, page)
    assert known.codes(far["url"]) == {"a", "b"}
    assert known.membership(page["url"], "urn:far", "c") is UNKNOWN


def test_letter_case_counts_where_the_system_says_so() -> None:
    codes = {"system": FRAGMENT, "concept": [{"code": "Here"}]}
    known = definitions(value_set("v", codes, {"system": ANIMALS}))
    assert known.membership(f"{BASE}/ValueSet/v", FRAGMENT, "hERE") is MEMBER
    assert known.membership(f"{BASE}/ValueSet/v", ANIMALS, "DOG") is NOT_MEMBER
    assert known.display(ANIMALS, "dog") == "Dog"
    assert known.display(ANIMALS, "DOG") is None


# --- the algebra ----------------------------------------------------------------------------------------------------

NAMES = "abcd"
codes = st.builds(Codes, st.frozensets(st.sampled_from(NAMES)), inverted=st.booleans())
known = st.builds(lambda sure, more: Known(sure, sure | more), codes, codes)


@given(codes, codes)
def test_codes_are_sets(one: Codes, other: Codes) -> None:
    for code in (*NAMES, "other"):
        assert (code in one | other) == (code in one or code in other)
        assert (code in one & other) == (code in one and code in other)
        assert (code in one - other) == (code in one and code not in other)
        assert (code in ~one) == (code not in one)


def either(one: Membership, other: Membership) -> Membership:
    return MEMBER if MEMBER in (one, other) else UNKNOWN if UNKNOWN in (one, other) else NOT_MEMBER


def negated(one: Membership) -> Membership:
    return {MEMBER: NOT_MEMBER, NOT_MEMBER: MEMBER}.get(one, UNKNOWN)


def both(one: Membership, other: Membership) -> Membership:
    return negated(either(negated(one), negated(other)))


@given(known, known)
def test_what_is_known_follows_three_valued_logic(one: Known, other: Known) -> None:
    for code in (*NAMES, "other"):
        mine, theirs = one.membership(code), other.membership(code)
        assert one.union(other).membership(code) is either(mine, theirs)
        assert one.intersection(other).membership(code) is both(mine, theirs)
        assert one.difference(other).membership(code) is both(mine, negated(theirs))


# --- concept maps ---------------------------------------------------------------------------------------------------


def concept_map(name: str, unmapped: dict[str, Any] | None = None) -> dict[str, Any]:
    noise = {"code": "noise", "equivalence": "wider"}
    group = {
        "source": ANIMALS,
        "target": "urn:sounds",
        "element": [
            {"code": "dog", "target": [{"code": "bark", "equivalence": "equivalent"}, noise]},
            {"code": "duck", "target": [noise]},
            {"code": "whale", "target": [{"equivalence": "unmatched"}]},
            {"code": "bird", "target": [{"code": "bark", "equivalence": "disjoint"}]},
        ],
    } | ({"unmapped": unmapped} if unmapped else {})
    return {"resourceType": "ConceptMap", "url": f"{BASE}/ConceptMap/{name}", "status": "active", "group": [group]}


SOUNDS = f"{BASE}/ConceptMap/sounds"


def test_a_concept_map_translates_both_ways() -> None:
    known = definitions(concept_map("sounds"))
    assert known.translate(SOUNDS, ANIMALS, "dog") == (
        Translation("urn:sounds", "bark", "equivalent"),
        Translation("urn:sounds", "noise", "wider"),
    )
    assert known.translate_back(SOUNDS, "urn:sounds", "noise") == (
        Translation(ANIMALS, "dog", "narrower"),
        Translation(ANIMALS, "duck", "narrower"),
    )
    assert known.translate(SOUNDS, None, "duck") == (Translation("urn:sounds", "noise", "wider"),)


@pytest.mark.parametrize("code", ["whale", "bird", "parrot", "nothing"])
def test_what_has_no_translation(code: str) -> None:
    known = definitions(concept_map("sounds"))
    assert known.translate(SOUNDS, ANIMALS, code) == ()
    assert known.translate(SOUNDS, "urn:other", "dog") == ()
    assert known.translate("urn:no-such-map", ANIMALS, code) == ()
    assert known.translate_back(SOUNDS, "urn:sounds", code) == ()


@pytest.mark.parametrize(
    ("unmapped", "code", "equivalence"),
    [
        ({"mode": "provided"}, "parrot", "equal"),
        ({"mode": "fixed", "code": "noise"}, "noise", "inexact"),
        ({"mode": "other-map", "url": f"{BASE}/ConceptMap/more"}, "noise", "inexact"),
    ],
)
def test_what_a_map_says_of_unmapped_codes(unmapped: dict[str, Any], code: str, equivalence: str) -> None:
    more = concept_map("more", {"mode": "fixed", "code": "noise"})
    known = definitions(concept_map("sounds", unmapped), more)
    assert known.translate(SOUNDS, ANIMALS, "parrot") == (Translation("urn:sounds", code, equivalence),)
    assert known.translate(SOUNDS, ANIMALS, "whale") == ()


def test_maps_that_refer_to_each_other_end() -> None:
    one = concept_map("one", {"mode": "other-map", "url": f"{BASE}/ConceptMap/two"})
    two = concept_map("two", {"mode": "other-map", "url": f"{BASE}/ConceptMap/one"})
    assert definitions(one, two).translate(one["url"], ANIMALS, "parrot") == ()


def test_the_standards_own_maps_translate() -> None:
    gender = "http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v3"
    (found,) = Definitions.bundled().translate(gender, "http://hl7.org/fhir/administrative-gender", "female")
    assert (found.code, found.equivalence) == ("F", "equal")


def test_a_chain_of_value_sets_without_end_is_unknown() -> None:
    chain = [value_set(f"v{number}", {"valueSet": [f"{BASE}/ValueSet/v{number + 1}"]}) for number in range(2000)]
    assert definitions(*chain).membership(chain[0]["url"], ANIMALS, "dog") is UNKNOWN


@pytest.mark.parametrize(
    ("value_set", "code", "answer"),
    [
        ("all-time-units", "wk", MEMBER),
        ("all-time-units", "10.d", MEMBER),
        ("all-time-units", "mg", NOT_MEMBER),
        ("all-time-units", "/d", NOT_MEMBER),
        ("all-time-units", "fortnight", UNKNOWN),
        ("all-distance-units", "[in_i]", MEMBER),
        ("all-distance-units", "s", NOT_MEMBER),
        ("ucum-units", "mmol/L", MEMBER),
        ("ucum-units", "{tbl}", MEMBER),
        ("ucum-units", "tablet", UNKNOWN),
    ],
)
def test_a_unit_is_where_its_base_units_say(value_set: str, code: str, answer: Membership) -> None:
    definitions = Definitions.bundled()
    canonical = f"http://hl7.org/fhir/ValueSet/{value_set}"
    assert definitions.membership(canonical, UCUM, code) is answer
    assert definitions.membership(canonical, "http://snomed.info/sct", code) is NOT_MEMBER


@pytest.mark.parametrize(
    "compose",
    [
        {"include": [{"system": UCUM, "filter": [{"property": "property", "op": "=", "value": "mass"}]}]},
        {"include": [{"system": UCUM, "valueSet": ["https://example.org/elsewhere"]}]},
        {"include": [{"system": UCUM}], "exclude": [{"system": UCUM, "valueSet": ["https://example.org/elsewhere"]}]},
    ],
)
def test_what_units_do_not_say_stays_unknown(compose: dict[str, Any]) -> None:
    made = {"resourceType": "ValueSet", "url": "https://example.org/units", "status": "draft", "compose": compose}
    definitions = Definitions.bundled().with_packages(package_of([made], "invented", "1"))
    assert definitions.membership("https://example.org/units", UCUM, "mg") is UNKNOWN
