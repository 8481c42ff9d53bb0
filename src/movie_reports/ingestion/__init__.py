"""Loads a source into a database."""
