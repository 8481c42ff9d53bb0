"""A schema of PostgreSQL with the data of a database."""
