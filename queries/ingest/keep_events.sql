-- The events of this ingest come to those of the ingests before it, which are kept for $days days, and as long as all
-- events are no more than the films, or than $most.
INSERT INTO events BY NAME
SELECT $ingest AS ingest_id, * FROM film_events ORDER BY number;

DELETE FROM events
WHERE ingest_id IN (
    SELECT ingest_id
    FROM (
        SELECT ingest_id, sum(count(*)) OVER (ORDER BY ingest_id DESC) AS events_since
        FROM events
        GROUP BY ingest_id
    )
    WHERE ingest_id < $ingest
        AND (
            events_since > greatest($most, (SELECT count(*) FROM movies))
            OR ingest_id NOT IN (
                SELECT id
                FROM ingests
                WHERE finished_at > (SELECT max(finished_at) FROM ingests) - INTERVAL 1 DAY * $days
            )
        )
);
