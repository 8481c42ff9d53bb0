-- Which records could not be loaded, where are they, and why?
SELECT ingest_id AS ingest, file, line, reason, message, raw
FROM rejects
WHERE ingest_id = $ingest AND reason = coalesce($reason, reason)
ORDER BY ingest_id, file, line
