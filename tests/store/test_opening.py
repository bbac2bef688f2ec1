"""Opening a store: what is made, brought up to date, or refused in words."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from fhir_iop.errors import Unavailable, Unusable
from fhir_iop.store import Query, Store, database, migrate, open_store
from fhir_iop.store.schema import metadata
from tests.store.examples import order, put


@pytest.fixture
def opening(definitions: Any, clock: Any) -> Callable[[str], Store]:
    return lambda url: open_store(url, definitions, clock=clock)


def refused(opening: Callable[[str], Store], url: str, kind: type[Exception] = Unusable) -> str:
    with pytest.raises(kind) as caught:
        opening(url)
    found: str = caught.value.issues[0].rule  # type: ignore[attr-defined]
    return found


def test_a_new_file_is_made_for_its_owner_only(opening: Callable[[str], Store], tmp_path: Path) -> None:
    store = opening(f"sqlite:///{tmp_path / 'new.db'}")
    put(store, order())
    made = sorted(tmp_path.glob("new.db*"))
    assert [each.name for each in made] == ["new.db", "new.db-shm", "new.db-wal"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in made} == {0o600}
    store.close()


def test_what_was_stored_is_there_when_opened_again(opened: Callable[..., Store]) -> None:
    first = opened()
    put(first, order())
    first.close()
    assert opened().read("MedicationRequest", "rx-1").version == 1


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("", "store-url"),
        ("not a url", "store-url"),
        ("mysql://root:secret@localhost/x", "store-url"),
        ("sqlite://", "store-memory"),
        ("sqlite:///:memory:", "store-memory"),
        ("sqlite:///file:a.db?mode=memory&uri=true", "store-memory"),
    ],
)
def test_urls_that_cannot_be_used(opening: Callable[[str], Store], url: str, rule: str) -> None:
    assert refused(opening, url) == rule


def test_files_that_cannot_be_used(opening: Callable[[str], Store], tmp_path: Path) -> None:
    assert refused(opening, f"sqlite:///{tmp_path}") == "store-file"
    assert refused(opening, f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}") == "store-file"
    (tmp_path / "text.db").write_text("This is not a database. " * 100)
    assert refused(opening, f"sqlite:///{tmp_path / 'text.db'}") == "store-unusable"
    assert (tmp_path / "text.db").read_text() == "This is not a database. " * 100
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE invoices (number)")
    connection.close()
    assert refused(opening, f"sqlite:///{tmp_path / 'other.db'}") == "store-foreign"


def test_a_schema_of_a_newer_program_is_left_alone(opening: Callable[[str], Store], url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        assert refused(opening, url) == "store-newer"
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{migrate.HEAD}'"))
        engine.dispose()


def test_the_steps_lead_to_the_schema(url: str) -> None:
    assert ScriptDirectory.from_config(migrate.config()).get_heads() == [migrate.HEAD]
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    code = f"""
from fhir_iop.store.database import Database
from fhir_iop.store.migrate import migrate
database = Database({url!r})
database.check()
migrate(database)
"""
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    assert [(each.communicate()[1], each.returncode) for each in running] == [(b"", 0)] * 3


def test_a_server_that_is_away_is_told_without_the_password(opening: Callable[[str], Store]) -> None:
    with pytest.raises(Unavailable) as caught:
        opening("postgresql://somebody:secret@127.0.0.1:1/records")
    assert "secret" not in str(caught.value)


def test_connections_that_broke_are_made_anew(postgresql_url: str, opening: Callable[[str], Store]) -> None:
    store = opening(postgresql_url)
    put(store, order())
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'postgres'"
    )
    engine = sa.create_engine(postgresql_url)
    with engine.connect() as connection:
        connection.execute(sa.text(others))
    engine.dispose()
    assert store.read("MedicationRequest", "rx-1").version == 1
    assert put(store, order(status="stopped"))[0].version == 2
    store.close()


def test_postgresql_without_its_driver(opening: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert refused(opening, "postgresql://localhost/records") == "store-driver"


def test_a_write_that_gets_no_turn_is_unavailable_and_changes_nothing(
    opened: Callable[..., Store], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT", 0.05)
    store = opened()
    put(store, order())
    other = database.Database(url)
    with other.write(), pytest.raises(Unavailable):
        put(store, order(status="stopped"))
    other.close()
    assert store.read("MedicationRequest", "rx-1").version == 1
    assert put(store, order(status="stopped"))[0].version == 2


def test_a_full_disk_is_unavailable_and_loses_nothing(sqlite_url: str, opening: Callable[[str], Store]) -> None:
    store = opening(sqlite_url)
    put(store, order())
    writes = store._database._writes  # type: ignore[attr-defined]
    writes.dispose()

    @sa.event.listens_for(writes, "connect")
    def little_room(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(Unavailable) as caught:
        put(store, *(order(f"rx-{number}", note="x" * 1000) for number in range(300)))
    assert "full" in str(caught.value)
    assert store.search(Query("MedicationRequest")).total == 1
    store.close()


def test_a_damaged_file_is_told_in_words(sqlite_url: str, opening: Callable[[str], Store], tmp_path: Path) -> None:
    store = opening(sqlite_url)
    put(store, *(order(f"rx-{number}") for number in range(100)))
    store.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xa5" * (size - 4096 * 2))
    with pytest.raises((Unavailable, Unusable)) as caught:
        opening(sqlite_url).search(Query("MedicationRequest"))
    assert caught.value.issues[0].rule in {"store-unavailable", "store-unusable"}
