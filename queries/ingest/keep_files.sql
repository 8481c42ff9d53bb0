-- Which files the source had, and what they were used for.
INSERT INTO ingest_files BY NAME
SELECT $ingest AS ingest_id, unnest($files, recursive := true);
