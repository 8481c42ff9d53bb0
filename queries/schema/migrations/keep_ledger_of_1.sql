-- The ledger of a database of schema 1, which had no failures, merges or changes.
INSERT INTO ingests BY NAME
SELECT
    id, started_at, finished_at, source, source_sha256, 'replace' AS mode, 'loaded' AS outcome, NULL AS reason,
    tool_version, engine_version, records, movies, duplicates, rejects, repaired,
    movies AS films_added, 0 AS films_changed, 0 AS films_removed, 0 AS films_unchanged,
    ratings, ratings_matched, ratings_unread
FROM old.ingests
ORDER BY id;
INSERT INTO ingest_files BY NAME SELECT ingest_id, name, role, bytes, 'utf-8' AS encoding FROM old.ingest_files;
INSERT INTO unread_fields BY NAME SELECT * FROM old.unread_fields;
INSERT INTO rejects BY NAME SELECT * FROM old.rejects;
