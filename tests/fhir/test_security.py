from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhir.security import (
    ACT_CODE,
    CONFIDENTIALITY,
    PART2,
    RESTRICTED,
    SUD,
    Label,
    add_labels,
    high_water_mark,
    is_protected,
    labels,
)

NORMAL = Label(CONFIDENTIALITY, "N")

codings = st.one_of(
    st.builds(
        dict,
        system=st.sampled_from([ACT_CODE, CONFIDENTIALITY, "urn:x"]),
        code=st.sampled_from(["42CFRPart2", "SUD", "N", "R", "V", "U", "odd"]),
    ),
    st.sampled_from(["text", 1, None, {}, {"system": ACT_CODE}, {"code": 3, "system": ACT_CODE}, ["R"]]),
)
resources = st.one_of(
    st.builds(lambda found: {"meta": {"security": found}}, st.lists(codings, max_size=5)),
    st.sampled_from([{}, {"meta": None}, {"meta": "x"}, {"meta": {"security": {}}}, {"meta": {}}]),
)


def coded(*found):
    return {"resourceType": "Basic", "meta": {"security": [label._asdict() for label in found]}}


def test_labels_are_read_in_order_and_rubbish_is_passed_over():
    resource = coded(PART2, RESTRICTED)
    resource["meta"]["security"].insert(1, {"code": "R"})
    assert labels(resource) == (PART2, RESTRICTED)
    assert is_protected(resource)
    assert is_protected(coded(SUD))
    assert not is_protected(coded(RESTRICTED))


def test_the_whole_is_as_confidential_as_its_most_confidential_part():
    parts = [coded(NORMAL), coded(PART2, RESTRICTED), coded(SUD, NORMAL), {}]
    assert high_water_mark(parts) == [label._asdict() for label in (PART2, RESTRICTED, SUD)]


def test_a_label_is_added_to_a_copy_once_and_keeps_what_is_there():
    resource = coded(NORMAL)
    resource["meta"] |= {"profile": ["urn:p"]}
    labelled = add_labels(resource, [PART2, RESTRICTED])
    assert labels(resource) == (NORMAL,)
    assert labels(labelled) == (PART2, RESTRICTED)
    assert labelled["meta"]["profile"] == ["urn:p"]
    assert add_labels(labelled, [PART2, NORMAL]) is labelled


@given(resources, st.lists(st.sampled_from([PART2, SUD, RESTRICTED, NORMAL])))
def test_nothing_is_lost_and_twice_is_once(resource, added):
    once = add_labels(resource, added)
    assert add_labels(once, added) == once
    if isinstance(resource.get("meta", {}), dict) and isinstance(resource.get("meta", {}).get("security", []), list):
        kept = set(labels(once))
        for label in [*labels(resource), *added]:
            assert label in kept or label.system == CONFIDENTIALITY
        levels = {label.code for label in kept if label.system == CONFIDENTIALITY and label.code in "ULMNRV"}
        assert len(levels) <= 1
    else:
        assert once is resource
