-- How did the last run of ingest end?
SELECT * FROM ingests ORDER BY id DESC LIMIT 1;
