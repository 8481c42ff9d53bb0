-- The rejects, kept for whoever mends them.
INSERT INTO rejects
SELECT $ingest AS ingest_id, $file AS file, unnest($rejects, recursive := true);
