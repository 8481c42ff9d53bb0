"""A source becomes a database."""
