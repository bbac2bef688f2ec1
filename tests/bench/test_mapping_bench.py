"""The mapping's bench: what is written by hand makes what the mapping makes, and back, on every form there is."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import mapped_by_hand as by_hand
from bench.mapping import KEY, ZONE, records, template
from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.fhir.json import decode_object, encode
from fhir_iop.mapping import Mappings, times
from fhir_iop.mapping.identity import Identity
from tests.mapping.records import records as made
from tests.mapping.test_generated import UNHURRIED

ID_OF, MOMENT = Identity(KEY).of, times.normaliser(ZoneInfo(ZONE))
GOLDEN = Path(__file__).parent.parent / "mapping" / "golden"


@pytest.fixture(scope="module")
def mappings() -> Mappings:
    return Mappings.load([data.folder("mappings")], Definitions.bundled(), id_key=KEY, time_zone=ZONE)


def same_both_ways(record: dict, mappings: Mappings) -> None:
    (ours,) = mappings.to_fhir(record).resources
    assert encode(by_hand.forward(record, ID_OF, MOMENT)) == encode(ours)
    changed: list[str] = []
    assert encode([by_hand.back(ours, record["id"], changed)]) == encode(mappings.to_records([ours]).records)
    assert changed == []


def test_by_hand_makes_the_same_of_the_examples(mappings: Mappings) -> None:
    prescriptions = [record for record in records() if record["record"] == "prescription"]
    assert len(prescriptions) > 5
    for record in prescriptions:
        same_both_ways(record, mappings)
    for name in ("prescription", "prescription-least"):
        same_both_ways(decode_object((GOLDEN / f"{name}.json").read_bytes())["record"], mappings)


@settings(max_examples=30, **UNHURRIED)
@given(data=st.data())
def test_by_hand_makes_the_same_of_any(data: st.DataObject, mappings: Mappings) -> None:
    same_both_ways(data.draw(made(mappings.compiled("prescription"))), mappings)


def test_fpml_is_asked_for_the_fields_of_the_record(mappings: Mappings) -> None:
    record = next(record for record in records() if record["record"] == "prescription")
    wanted, given_ = template(record, mappings.to_fhir(record).resources[0])
    text = encode(wanted).decode()
    assert text.count("{{") > 30
    for value in (record["id"], record["written"], record["medicine"]["name"], record["valid_until"]):
        assert value not in text, "no value of the record stands in the template"
    assert len(given_["sentences"]) == len(record["steps"])
