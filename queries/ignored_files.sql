-- Which files of the source did no report need?
SELECT name FROM ingest_files WHERE role = 'ignored' ORDER BY name;
