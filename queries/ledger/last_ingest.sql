-- Which ingest do the figures come from?
SELECT * FROM ingests WHERE outcome = 'loaded' ORDER BY id DESC LIMIT 1;
