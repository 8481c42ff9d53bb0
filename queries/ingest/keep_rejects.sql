-- The rejects, kept so that they can be fixed and merged.
INSERT INTO rejects
SELECT $ingest AS ingest_id, unnest($rejects, recursive := true);
