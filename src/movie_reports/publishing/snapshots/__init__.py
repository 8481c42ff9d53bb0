"""Published, immutable versions of a database, for many readers and any engine."""
