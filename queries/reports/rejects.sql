-- Which records could not be loaded, where are they, and why?
SELECT ingest_id AS ingest, file, line, reason, message, raw
FROM rejects
WHERE ($ingest IS NULL OR ingest_id = $ingest) AND ($reason IS NULL OR reason = $reason)
ORDER BY ingest_id, file, line
