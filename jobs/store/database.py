"""The database: one engine, two kinds of transaction, and the way it is brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

from jobs.errors import DatabaseAway, NotConfigured, StorageFull

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 30


class Database:
    """SQLite or PostgreSQL behind one address.

    `read()` and `write()` give a connection in a transaction that ends with the block. On SQLite a write
    takes the write lock at its start, so that two writers wait for each other and never fail half-way.
    Both raise StorageFull when the disk is full, DatabaseAway when the database does not answer.
    """

    def __init__(self, url: str) -> None:
        try:
            self.sqlite = make_url(url).get_backend_name() == "sqlite"
            self._engine = create_engine(url, pool_pre_ping=not self.sqlite)
        except (ArgumentError, ModuleNotFoundError) as reason:
            raise NotConfigured(f"DATABASE_URL cannot be used: {reason}.") from reason
        if self.sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with _told(), self._writer.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest revision; costs nothing where they are.

        Raises NotConfigured where they are of a newer Promptsheet than this one.
        """
        revision = self.revision() or ""
        if revision == newest_revision():
            return
        if revision > newest_revision():
            raise NotConfigured("The database is of a newer Promptsheet than this one. Update this one.")
        # Alembic is 15 MB that a process without work to do here never needs.
        from alembic import command

        with self.write() as connection:
            command.upgrade(alembic_config(connection), "head")

    def close(self) -> None:
        self._engine.dispose()

    def revision(self) -> str | None:
        """The revision of the tables, None where there are none yet."""
        with self.read() as connection:
            if not self._engine.dialect.has_table(connection, "alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found


def newest_revision() -> str:
    """The revision the code expects: migrations are named by number, `0001_….py`."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).split("_")[0]


def alembic_config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upsert_ignore(connection: Connection) -> Any:
    """The dialect's `insert`, which knows `on_conflict_do_nothing`."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a commit is on the disk before the call that it allows
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


@contextmanager
def _told() -> Iterator[None]:
    """What keeps a database from answering, as an error of our own."""
    try:
        yield
    except (OperationalError, InterfaceError) as reason:
        why = str(reason.orig).strip()
        if "disk is full" in why or "No space left" in why:
            sentence = "The disk is full where Promptsheet keeps its database. Make room; nothing was lost."
            raise StorageFull(sentence) from reason
        raise DatabaseAway(
            f"The database does not answer: {why.splitlines()[0]}. Nothing was lost."
        ) from reason


__all__ = ["Connection", "Database", "alembic_config", "metadata", "newest_revision", "upsert_ignore"]
