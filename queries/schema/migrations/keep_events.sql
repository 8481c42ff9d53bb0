-- The events of the ingests before, after any ingest but the first.
INSERT INTO events SELECT * FROM old.events ORDER BY ingest_id, number;
