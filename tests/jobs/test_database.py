"""The tables: the same on SQLite and PostgreSQL, and what the migrations make of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from jobs.errors import NotConfigured
from jobs.store import tables
from jobs.store.database import Database, metadata, newest_revision


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    return Database(request.getfixturevalue("postgres_url"))


def test_the_migrations_make_the_tables_that_the_code_means(database: Database) -> None:
    assert tables.ALL
    database.migrate()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == newest_revision()
    database.migrate()
    database.close()


def test_every_table_has_an_owner() -> None:
    assert all("owner" in table.c for table in metadata.tables.values())


def test_commits_are_on_the_disk_before_they_are_spoken_of(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with database.write() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
    database.close()


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    with database.write() as connection:
        other = sqlite3.connect(tmp_path / "new.sqlite3", timeout=0.1)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        connection.execute(text("INSERT INTO t VALUES (1)"))
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT count(*) FROM t").fetchone() == (1,)
    other.close()
    database.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "oracle+nodriver://x"])
def test_an_address_that_cannot_be_used_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(NotConfigured, match="DATABASE_URL"):
        Database(url)
