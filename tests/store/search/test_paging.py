"""Pages, their order, and what a cursor promises while others write."""

import base64
from typing import Any

import pytest

from fhir_iop.errors import BadInput
from fhir_iop.store import Criterion, Query, Store, Submission, Write
from tests.store.examples import order, put
from tests.store.search.conftest import Found, Search


@pytest.fixture(autouse=True)
def orders(store: Store) -> None:
    for number in range(7):
        put(store, order(f"rx-{number}", authoredOn=f"2026-03-0{7 - number}", intent="plan" if number % 2 else "order"))


def ids(page: Any) -> list[str]:
    return [stored.id for stored in page.matches]


def pages(search: Search, asked: str) -> list[list[str]]:
    found = [search(asked)]
    while found[-1].next:
        assert len(found) < 20
        found.append(search(f"{asked}&_cursor={found[-1].next}"))
    assert {page.total for page in found} == {found[0].total}
    return [ids(page) for page in found]


def test_the_newest_come_first(search: Search) -> None:
    assert pages(search, "MedicationRequest?_count=3") == [
        ["rx-6", "rx-5", "rx-4"],
        ["rx-3", "rx-2", "rx-1"],
        ["rx-0"],
    ]
    assert search("MedicationRequest?_count=3").total == 7


def test_the_last_page_has_no_next(search: Search) -> None:
    assert pages(search, "MedicationRequest?_count=7") == [[f"rx-{number}" for number in range(6, -1, -1)]]
    assert pages(search, "MedicationRequest?intent=plan&_count=3") == [["rx-5", "rx-3", "rx-1"]]


SORTED = {
    "authoredon": "6543210",
    "-authoredon": "0123456",
    "_id": "0123456",
    "-_id": "6543210",
    "_lastUpdated": "0123456",
    "-_lastUpdated": "6543210",
    "intent": "6420531",
    "-intent": "5316420",
    "intent,_id": "0246135",
    "-intent,-authoredon": "1350246",
    "encounter": "6543210",
}


@pytest.mark.parametrize("count", [1, 3, 50])
def test_sorted_pages(search: Search, count: int) -> None:
    def found(sort: str) -> str:
        return "".join(
            id_[-1] for page in pages(search, f"MedicationRequest?_sort={sort}&_count={count}") for id_ in page
        )

    assert {sort: found(sort) for sort in SORTED} == SORTED


def test_what_has_no_value_comes_last(store: Store, search: Search) -> None:
    undated = {name: value for name, value in order("undated").items() if name != "authoredOn"}
    put(store, undated)
    for sort in ("authoredon", "-authoredon"):
        assert pages(search, f"MedicationRequest?_sort={sort}&_count=4")[-1][-1] == "undated"


def test_writes_between_pages_neither_hide_nor_repeat(store: Store, search: Search) -> None:
    first = search("MedicationRequest?_count=3")
    put(store, order("new"), order("rx-6", status="stopped"), order("rx-1", status="stopped"))
    store.submit(Submission([Write(order("rx-2"), deleted=True)]))
    second = search(f"MedicationRequest?_count=3&_cursor={first.next}")
    assert ids(first) + ids(second) == ["rx-6", "rx-5", "rx-4", "rx-3", "rx-1", "rx-0"]
    assert second.total == first.total == 7, "the total is the first page's"


def test_following_last_updated_misses_nothing(store: Store, search: Search, clock: Any) -> None:
    """What an EHR does that synchronises: in the order of change, from where it stopped."""
    seen = []
    page = search("MedicationRequest?_sort=_lastUpdated&_count=2")
    for number in range(20):
        seen += [(stored.id, stored.version) for stored in page.matches]
        if number < 5:
            clock.move(seconds=1)
            put(store, order(f"rx-{number}", status="stopped"))
        if page.next is None:
            break
        page = search(f"MedicationRequest?_sort=_lastUpdated&_count=2&_cursor={page.next}")
    assert {(f"rx-{number}", 2) for number in range(4)} <= set(seen)


def test_only_the_total(search: Search) -> None:
    for asked in ("MedicationRequest?_count=0", "MedicationRequest?_summary=count"):
        page = search(asked)
        assert (page.matches, page.total, page.next) == ((), 7, None)


def test_without_a_total(search: Search) -> None:
    page = search("MedicationRequest?_total=none&_count=4")
    assert (len(page.matches), page.total) == (4, None)
    assert search(f"MedicationRequest?_total=none&_count=4&_cursor={page.next}").total is None
    assert search("MedicationRequest?_total=accurate").total == 7


def test_a_page_is_no_longer_than_the_limit(store: Store, search: Search) -> None:
    put(store, *(order(f"more-{number}") for number in range(600)))
    assert len(search("MedicationRequest?_count=999999").matches) == 500
    assert len(search("MedicationRequest").matches) == 50


def test_what_is_deleted_or_changed_is_not_found_as_it_was(store: Store, found: Found) -> None:
    put(store, order("rx-0", status="stopped"))
    store.submit(Submission([Write(order("rx-1"), deleted=True)]))
    assert found("MedicationRequest?status=active&_id=rx-0,rx-1,rx-2") == ["rx-2"]
    assert found("MedicationRequest?status=stopped") == ["rx-0"]
    assert found("MedicationRequest?_id=rx-1") == []
    assert found("MedicationRequest?status:missing=true") == []
    put(store, order("rx-1", status="draft"))
    assert found("MedicationRequest?status=draft") == ["rx-1"]


BEYOND = [
    base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    for text in (
        f"[1,[],{10**30}]",
        f"[{10**30},[],1]",
        f"[1,[],{-(2**63)}]",
        "[1,[],1.5]",
        "[true,[],1]",
        "[1,[],true]",
        '[1,{"a":1},1]',
        "[1,[],1,1]",
    )
]


def test_cursors_that_no_page_gave(search: Search, store: Store) -> None:
    for cursor in [
        "x",
        "!!",
        "WzEsW10sMV0x",
        "bnVsbA",
        "WzEsWyJ4Il0sMV0",
        "e30",
        "a" * 10_000,
        "é",
        "WzEsWzFdLDFd",
        *BEYOND,
    ]:
        with pytest.raises(BadInput) as caught:
            search(f"MedicationRequest?_cursor={cursor}")
        assert caught.value.issues[0].rule == "search-cursor"
        with pytest.raises(BadInput):
            store.search(Query("MedicationRequest", after=cursor))


def test_a_cursor_of_another_sort(search: Search) -> None:
    page = search("MedicationRequest?_sort=_id&_count=2")
    for sort in ("authoredon", "_id,_lastUpdated", "_lastUpdated"):
        with pytest.raises(BadInput):
            search(f"MedicationRequest?_sort={sort}&_cursor={page.next}")


def test_a_query_made_by_hand(store: Store) -> None:
    query = Query("MedicationRequest", (Criterion("intent", ("plan",)), Criterion("_id", ("rx-1", "rx-2"))))
    assert ids(store.search(query)) == ["rx-1"]
    with pytest.raises(BadInput):
        store.search(Query("MedicationRequest", (Criterion("nonsense", ("x",)),)))
