"""Copies of the database for many readers and other engines: snapshots, and PostgreSQL."""
