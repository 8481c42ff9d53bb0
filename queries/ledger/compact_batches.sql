-- The batches of a topic before the last thousand ingests become one row a day, with the sums of their counts, under the
-- number of the last. Their rejects stay, the newest 10,000 of them. Of batches that were not loaded, the old ones go.
CREATE OR REPLACE TEMP TABLE old_batches AS
SELECT
    *,
    max(id) OVER (PARTITION BY outcome = 'loaded', CAST(finished_at AS DATE)) AS day_id,
    coalesce(TRY_CAST(regexp_extract(reason, '^([0-9]+) batches', 1) AS BIGINT), 1) AS batches
FROM ingests
WHERE source = $source AND id <= (SELECT max(id) - 1000 FROM ingests);

CREATE OR REPLACE TEMP TABLE days AS
SELECT
    day_id AS id,
    min(started_at) AS started_at,
    max(finished_at) AS finished_at,
    format('{} batches in one row', CAST(sum(batches) AS BIGINT)) AS reason,
    arg_max(COLUMNS([
        'source', 'source_sha256', 'mode', 'outcome', 'tool_version', 'engine_version', 'films_unchanged', 'films_merged',
        'loaded_with'
    ]), id),
    sum(COLUMNS([
        'records', 'movies', 'duplicates', 'removals', 'rejects', 'repaired', 'films_added', 'films_changed', 'films_removed'
    ]))
FROM old_batches
WHERE outcome = 'loaded'
GROUP BY day_id;

DELETE FROM ingests WHERE id IN (SELECT id FROM old_batches);
INSERT INTO ingests BY NAME FROM days;

DELETE FROM rejects WHERE ingest_id IN (SELECT id FROM old_batches WHERE outcome <> 'loaded');
UPDATE rejects SET ingest_id = day_id
FROM old_batches
WHERE old_batches.id = ingest_id AND day_id <> old_batches.id;
DELETE FROM rejects
WHERE (ingest_id, file, line) IN (
    SELECT (ingest_id, file, line)
    FROM rejects
    WHERE ingest_id IN (SELECT id FROM days)
    QUALIFY row_number() OVER (ORDER BY ingest_id DESC, line DESC) > 10000
);

CREATE OR REPLACE TEMP TABLE day_fields AS
SELECT day_id AS ingest_id, field, CAST(sum(films) AS BIGINT) AS films, any_value(example) AS example
FROM unread_fields
JOIN old_batches ON old_batches.id = ingest_id
GROUP BY day_id, field;
DELETE FROM unread_fields WHERE ingest_id IN (SELECT id FROM old_batches);
INSERT INTO unread_fields BY NAME FROM day_fields;
