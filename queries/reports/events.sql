-- Which films did the ingests after $since add, change or remove? Each film is one event of each ingest that changed it.
SELECT
    1 AS version,
    ingest_id AS ingest,
    strftime(loaded_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS loaded_at,
    number,
    events AS count,
    change,
    movie_id AS id,
    title,
    CAST(before AS JSON) AS before,
    CAST(after AS JSON) AS after
FROM (SELECT *, count(*) OVER (PARTITION BY ingest_id) AS events FROM events WHERE ingest_id > $since)
WHERE change = coalesce($change, change)
ORDER BY ingest_id, number
