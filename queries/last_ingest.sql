-- Which ingest do the figures come from?
SELECT * FROM ingests ORDER BY id DESC LIMIT 1;
