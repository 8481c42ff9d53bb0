-- What the last successful ingest changed is still true when one after it fails.
INSERT INTO changes BY NAME SELECT * FROM old.changes;
