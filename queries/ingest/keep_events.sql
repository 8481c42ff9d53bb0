-- The events of this ingest come to those of the ingests before it. These are kept for $days days, but no longer than all
-- events together are no more than the films, or than $most. The ledger says since when there are all of them.
INSERT INTO events BY NAME
SELECT id AS ingest_id, finished_at AS loaded_at, film_events.*
FROM film_events
JOIN ingests ON ingests.id = $ingest
ORDER BY number;

CREATE OR REPLACE TEMP TABLE outdated AS
SELECT max(ingest_id) AS ingest_id
FROM (
    SELECT ingest_id, loaded_at, sum(count(*)) OVER (ORDER BY ingest_id DESC) AS events_since
    FROM events
    GROUP BY ingest_id, loaded_at
)
WHERE ingest_id < $ingest
    AND (
        events_since > greatest($most, (SELECT count(*) FROM movies))
        OR loaded_at < (SELECT finished_at - INTERVAL 1 DAY * $days FROM ingests WHERE id = $ingest)
    );

DELETE FROM events WHERE ingest_id <= (SELECT ingest_id FROM outdated);

UPDATE ingests
SET events_since = greatest(
    (SELECT coalesce(arg_max(events_since, id), $ingest - 1) FROM ingests WHERE id < $ingest),
    (SELECT ingest_id FROM outdated)
)
WHERE id = $ingest;
