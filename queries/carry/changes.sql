-- What the last successful ingest changed is still true when one after it fails.
INSERT INTO changes SELECT * FROM old.changes;
