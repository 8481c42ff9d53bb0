-- The films of a batch of messages, as read_batch.sql has those of a file; and the films that it removes. Of several
-- messages of a film the last counts. $positions are those of the fields among the pointers; $plain has those of money
-- only if plain numbers are dollars, since other units are read with the texts that are not plain.
CREATE OR REPLACE TEMP TABLE readings AS
WITH found AS (
    SELECT
        messages.*,
        list_transform(shapes.pointers, lambda pointer: messages.json ->> pointer) AS fields,
        shapes.problem
    FROM messages
    LEFT JOIN shapes ON shapes.names = json_keys(messages.json) AND messages.reason IS NULL
)
SELECT
    * EXCLUDE (reason, message, problem),
    CASE
        WHEN reason IS NOT NULL THEN reason
        WHEN problem IS NOT NULL THEN 'fields'
        WHEN contains(array_to_string(fields, ''), chr(0)) THEN 'nul'
        WHEN fields[$positions.id] IS NOT NULL AND whole_number(fields[$positions.id]) IS DISTINCT FROM id THEN 'id'
    END AS reason,
    CASE
        WHEN message IS NOT NULL THEN message
        WHEN problem IS NOT NULL THEN problem
        WHEN contains(array_to_string(fields, ''), chr(0)) THEN 'it contains NUL characters'
        ELSE format('its key is {}, but its id "{}"', id, left(fields[$positions.id], 40))
    END AS message
FROM found;

CREATE OR REPLACE TEMP TABLE last_messages AS
FROM readings
WHERE reason IS NULL
QUALIFY row_number() OVER (PARTITION BY id ORDER BY number DESC) = 1;

INSERT INTO staging.removed SELECT id FROM last_messages WHERE is_removal;

CREATE TABLE staging.batch AS
WITH records AS (
    SELECT list_transform(fields, lambda field, place: CASE WHEN place = $positions.id THEN key ELSE field END) AS fields
    FROM last_messages
    WHERE NOT is_removal
    ORDER BY number
),
written AS (
    SELECT texts(fields, $positions) AS texts, texts(fields, $plain) AS plain FROM records
),
typed AS (
    SELECT texts, film(plain) AS film FROM written
)
SELECT CAST(NULL AS BIGINT) AS first_row, unread(film, texts) AS unread, unnest(film) FROM typed;

-- How many messages are what, and a hash of all of them.
SELECT
    count(*) AS records,
    (SELECT count(*) FROM staging.batch) AS movies,
    (SELECT count(*) FROM staging.removed) AS removals,
    count(reason) AS rejects,
    0 AS repaired,
    count(*) - count(reason) - (SELECT count(*) FROM last_messages) AS duplicates,
    sha256(coalesce(string_agg(digest ORDER BY number), '')) AS source_sha256
FROM readings;
