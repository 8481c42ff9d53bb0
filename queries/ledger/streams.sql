-- How far is each followed topic loaded, and how many messages were missing when the last batch was fetched?
SELECT topic, partition, next_offset, greatest(end_offset - next_offset, 0) AS lag, ingest_id, settings
FROM streams
ORDER BY topic, partition;
