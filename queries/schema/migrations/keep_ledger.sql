-- The ledger of the old database goes on in the new one.
INSERT INTO ingests BY NAME SELECT * FROM old.ingests ORDER BY id;
INSERT INTO ingest_files BY NAME SELECT * FROM old.ingest_files;
INSERT INTO unread_fields BY NAME SELECT * FROM old.unread_fields;
INSERT INTO rejects BY NAME SELECT * FROM old.rejects;
