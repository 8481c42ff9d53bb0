-- The events of the ingests that the ledger still has.
INSERT INTO events BY NAME SELECT * FROM old.events WHERE ingest_id IN (SELECT id FROM ingests);
