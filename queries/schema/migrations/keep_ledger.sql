-- The new database continues the ledger of the old one.
INSERT INTO ingests BY NAME SELECT * FROM old.ingests ORDER BY id;
INSERT INTO ingest_files BY NAME SELECT * FROM old.ingest_files;
INSERT INTO unread_fields BY NAME SELECT * FROM old.unread_fields;
INSERT INTO rejects BY NAME SELECT * FROM old.rejects;
