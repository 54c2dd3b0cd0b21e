"""The schema's history; run by :func:`desk.database.migrate`."""
