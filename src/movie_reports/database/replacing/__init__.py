"""Builds the next version of a database, and replaces the file by it in one step."""
