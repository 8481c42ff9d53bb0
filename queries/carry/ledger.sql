-- The ledger of the old database goes on in the new one.
INSERT INTO ingests SELECT * FROM old.ingests ORDER BY id;
INSERT INTO ingest_files SELECT * FROM old.ingest_files;
INSERT INTO unread_fields SELECT * FROM old.unread_fields;
INSERT INTO rejects SELECT * FROM old.rejects;
