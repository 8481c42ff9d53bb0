-- The messages of a batch, in the order in which they came (given_rows): the TMDB id, which is
-- the key; the JSON object, or none for a message that removes the film; and what is wrong, if it cannot be loaded.
CREATE OR REPLACE TEMP TABLE messages AS
WITH texts AS (
    SELECT
        number,
        partition,
        message_offset,
        TRY(decode(key)) AS key,
        coalesce(octet_length(value), 0) = 0 AS is_removal,
        TRY(decode(value)) AS text,
        coalesce(replace(coalesce(TRY(decode(value)), CAST(value AS VARCHAR)), chr(0), '\x00'), '') AS raw,
        md5(coalesce(key, ''::BLOB)) || md5(coalesce(value, ''::BLOB)) AS digest
    FROM given_rows
),
objects AS (
    SELECT *, whole_number(key) AS id, TRY_CAST(text AS JSON) AS json FROM texts
)
SELECT
    * EXCLUDE (text, json),
    CASE WHEN json_type(json) = 'OBJECT' THEN json END AS json,
    CASE
        WHEN id IS NULL THEN 'id'
        WHEN is_removal THEN NULL
        WHEN text IS NULL THEN 'encoding'
        WHEN json IS NULL OR json_type(json) <> 'OBJECT' THEN 'json'
    END AS reason,
    CASE reason
        WHEN 'id' THEN coalesce(format('its key "{}" is not a TMDB id', left(key, 40)), 'it has no key that is text')
        WHEN 'encoding' THEN 'it is not valid UTF-8'
        WHEN 'json' THEN 'it is not a JSON object'
    END AS message
FROM objects;

-- The names of the members of these objects: once for each list of them that occurs.
CREATE OR REPLACE TEMP TABLE shapes (names VARCHAR[], pointers VARCHAR[], problem VARCHAR);

SELECT DISTINCT json_keys(json) AS names FROM messages WHERE reason IS NULL AND NOT is_removal ORDER BY names;
