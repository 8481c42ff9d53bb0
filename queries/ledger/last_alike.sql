-- Which ingest would a repeat repeat? Of a whole dump the last one, whatever deltas came after it; of a delta only
-- the very last, since films may have changed again.
SELECT * FROM ingests WHERE outcome = 'loaded' AND ($mode = 'merge' OR mode = 'replace') ORDER BY id DESC LIMIT 1;
