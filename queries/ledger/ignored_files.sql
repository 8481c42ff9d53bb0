-- Which files of the source did no report need?
SELECT name FROM ingest_files WHERE ingest_id = $ingest AND role = 'ignored' ORDER BY name;
