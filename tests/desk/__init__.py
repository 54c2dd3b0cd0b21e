"""Tests of the desk: each runs on SQLite and on a real PostgreSQL."""
