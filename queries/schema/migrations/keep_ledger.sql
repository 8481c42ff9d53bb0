-- The new database continues the ledger of the old one. From 20,000 runs on, only the last 10,000 are kept, and the last
-- successful ones: deltas that come every second would otherwise make it grow without limit.
INSERT INTO ingests BY NAME
SELECT *
FROM old.ingests
WHERE (SELECT count(*) FROM old.ingests) < 20000
    OR id > (SELECT max(id) - 10000 FROM old.ingests)
    OR id IN (SELECT max(id) FROM old.ingests WHERE outcome = 'loaded' GROUP BY mode)
ORDER BY id;
INSERT INTO ingest_files BY NAME SELECT * FROM old.ingest_files WHERE ingest_id IN (SELECT id FROM ingests);
INSERT INTO unread_fields BY NAME SELECT * FROM old.unread_fields WHERE ingest_id IN (SELECT id FROM ingests);
INSERT INTO rejects BY NAME SELECT * FROM old.rejects WHERE ingest_id IN (SELECT id FROM ingests);
