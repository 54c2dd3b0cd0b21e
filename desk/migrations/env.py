"""Runs the migrations on the connection, and in the transaction, of :func:`desk.database.migrate`."""

from __future__ import annotations

from alembic import context

from desk.tables import Base

connection = context.config.attributes["connection"]
# SQLite can roll back changes of the schema, and must: the transaction is what keeps two processes apart.
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
context.run_migrations()
