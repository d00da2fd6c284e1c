"""How Alembic runs our migrations: on the connection that jobs/store/database.py hands it."""

from alembic import context

from jobs.store import tables
from jobs.store.database import metadata

assert tables
context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
