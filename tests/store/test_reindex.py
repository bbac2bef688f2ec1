"""When search parameters change, a type's index is made anew; nothing else is."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fhir_iop.definitions.schema import SearchParameter
from fhir_iop.errors import BadInput
from fhir_iop.store import Criterion, Query, Store, Submission, Write, reindex
from tests.store.examples import order, put

NOTE = SearchParameter(
    "http://example.org/SearchParameter/note", "note", "string", ("MedicationRequest",), "MedicationRequest.note.text"
)


class OtherDefinitions:
    """The bundled definitions, but for a type's search parameters."""

    def __init__(self, definitions: Any, type_: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._definitions, self._type, self._change = definitions, type_, change

    def search_parameters(self, type_: str) -> Mapping[str, Any]:
        known = dict(self._definitions.search_parameters(type_))
        return self._change(known) if type_ == self._type else known

    def __getattr__(self, name: str) -> Any:
        return getattr(self._definitions, name)


@pytest.fixture
def with_note(definitions: Any) -> Any:
    return OtherDefinitions(definitions, "MedicationRequest", lambda known: known | {"note": NOTE})


def found(store: Store, code: str, value: str) -> list[str]:
    return [each.id for each in store.search(Query("MedicationRequest", (Criterion(code, (value,)),))).matches]


def test_a_new_parameter_finds_what_was_there_before(opened: Callable[..., Store], with_note: Any) -> None:
    before = opened()
    put(before, *(order(f"rx-{number}", note=[{"text": "Take with food"}]) for number in range(450)))
    put(before, order("gone", note=[{"text": "Take with food"}]))
    before.submit(Submission([Write(order("gone"), deleted=True)]))
    put(before, {"resourceType": "Patient", "id": "p1"})
    with pytest.raises(BadInput):
        found(before, "note", "take")

    after = opened(with_note)
    page = after.search(Query("MedicationRequest", (Criterion("note", ("take",)),)))
    assert page.total == 450
    assert after.reindex() == 0, "it was done when the store was opened"
    assert [each.version for each in after.history("MedicationRequest", "rx-7")] == [1], "no version comes of it"
    put(after, order("rx-7", note=[{"text": "Stop"}]))
    assert found(after, "note", "stop") == ["rx-7"]


def test_a_parameter_that_is_gone_leaves_no_rows(opened: Callable[..., Store], definitions: Any) -> None:
    put(opened(), order())
    without = OtherDefinitions(
        definitions, "MedicationRequest", lambda known: {code: each for code, each in known.items() if code != "status"}
    )
    store: Any = opened(without)
    with store._database.read() as connection:
        rows = connection.exec_driver_sql("SELECT parameter FROM token_index").scalars().all()
    assert "MedicationRequest.status" not in rows
    assert "MedicationRequest.intent" in rows


def test_only_the_type_that_changed_is_indexed_anew(
    opened: Callable[..., Store], with_note: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(opened(), order(), {"resourceType": "Patient", "id": "p1"})
    indexed: list[str] = []
    real = reindex.index_rows

    def spy(resource: dict[str, Any], *others: Any) -> Any:
        indexed.append(resource["resourceType"])
        return real(resource, *others)

    monkeypatch.setattr(reindex, "index_rows", spy)
    opened()
    assert indexed == []
    opened(with_note)
    assert indexed == ["MedicationRequest"]


def test_another_time_zone_indexes_dates_anew(opened: Callable[..., Store]) -> None:
    put(opened(), order(authoredOn="2026-03-01"))
    assert found(opened(), "authoredon", "2026-03-01T00:00:00Z") == []
    moved = opened(time_zone=ZoneInfo("America/New_York"))
    assert found(moved, "authoredon", "2026-03-01") == ["rx-1"]
    assert found(moved, "authoredon", "lt2026-03-01T05:00:00Z") == []
    assert found(opened(), "authoredon", "lt2026-03-01T05:00:00Z") == ["rx-1"]


def test_a_run_that_was_interrupted_is_done_again(
    opened: Callable[..., Store], with_note: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(opened(), *(order(f"rx-{number}", note=[{"text": "Take with food"}]) for number in range(450)))
    real = reindex.index_rows
    done = 0

    def dies(*asked: Any) -> Any:
        nonlocal done
        done += 1
        if done > 300:
            raise KeyboardInterrupt
        return real(*asked)

    monkeypatch.setattr(reindex, "index_rows", dies)
    with pytest.raises(KeyboardInterrupt):
        opened(with_note)
    monkeypatch.undo()
    page = opened(with_note).search(Query("MedicationRequest", (Criterion("note", ("take",)),)))
    assert page.total == 450
