-- After which ingest are all events there, and which ingest is the last? An ingest has its events as long as they are as
-- many as the films that it changed: the first ingest has none, and those of old ingests are removed.
SELECT
    max(CASE WHEN has_all THEN before ELSE id END) AS oldest,
    max(id) AS last
FROM (
    SELECT
        id,
        -- ingests that the ledger no longer has are like ones without events
        CASE WHEN id = 1 + lag(id, 1, 0) OVER (ORDER BY id) THEN 0 ELSE id - 1 END AS before,
        outcome <> 'loaded' OR films_added + films_changed + films_removed = coalesce(events, 0) AS has_all
    FROM ingests
    LEFT JOIN (SELECT ingest_id, count(*) AS events FROM events GROUP BY ingest_id) ON ingest_id = id
);
