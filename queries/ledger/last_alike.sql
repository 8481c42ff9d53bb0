-- Which ingest makes the same source unnecessary? For a whole dump the last whole one, whatever deltas came after it;
-- for a delta only the very last ingest, since films may have changed again.
SELECT * FROM ingests WHERE outcome = 'loaded' AND ($mode = 'merge' OR mode = 'replace') ORDER BY id DESC LIMIT 1;
