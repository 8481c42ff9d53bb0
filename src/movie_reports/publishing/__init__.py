"""Copies of the database for other programs."""
