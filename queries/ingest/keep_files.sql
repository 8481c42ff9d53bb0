-- Which files the source had, and the role of each.
INSERT INTO ingest_files BY NAME
SELECT $ingest AS ingest_id, unnest($files, recursive := true);
