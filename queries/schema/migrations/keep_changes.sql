-- The changes of the last successful ingest are still the last ones after a failed ingest.
INSERT INTO changes BY NAME SELECT * FROM old.changes;
