-- Records that an unquoted line break may have split: neighbours that each have too few fields, and together, with the
-- two halves of the broken field joined, exactly as many as the header. A part of the file ends after a complete
-- record, so that all pieces are in one batch. $before records came in earlier batches.
CREATE OR REPLACE TEMP TABLE pieces AS
SELECT rowid AS row, list_filter(pieces, lambda field: field IS NOT NULL) AS fields
FROM staging.batch
WHERE pieces IS NOT NULL;

CREATE OR REPLACE TEMP TABLE candidates AS
WITH runs AS (
    SELECT row, len(fields) - 1 AS breaks, row - row_number() OVER (ORDER BY row) AS run
    FROM pieces
),
totals AS (
    SELECT row, run, breaks, sum(breaks) OVER (PARTITION BY run ORDER BY row) AS total
    FROM runs
),
firsts AS (
    SELECT run, total, min(row) AS row
    FROM totals
    GROUP BY run, total
),
spans AS (
    SELECT totals.row AS first_row, firsts.row AS last_row
    FROM totals
    JOIN firsts ON firsts.run = totals.run AND firsts.total = totals.total - totals.breaks + $width - 1
    WHERE firsts.row < totals.row + 100  -- else a long run of damage is joined again and again
)
SELECT
    spans.first_row,
    spans.last_row,
    string_split(
        string_agg(array_to_string(pieces.fields, $nothing), chr(10) ORDER BY pieces.row), $nothing
    ) AS fields
FROM spans
JOIN pieces ON pieces.row BETWEEN spans.first_row AND spans.last_row
GROUP BY spans.first_row, spans.last_row;

CREATE OR REPLACE TEMP TABLE joinable AS
WITH records AS (
    SELECT *, texts(fields, $positions) AS texts FROM candidates
),
typed AS (
    SELECT *, film(texts) AS film FROM records
)
SELECT
    first_row,
    last_row,
    contains(array_to_string(fields, ''), chr(0)) AS has_nul,
    unread(film, texts) AS unread,
    unnest(film)
FROM typed;

-- Pieces are joined only if the result reads as a film in every column, so that two damaged records never make a third.
-- Dates and money may be written in another way; lists are literals where those of other films are.
CREATE OR REPLACE TEMP TABLE joined AS
WITH lists AS (
    SELECT coalesce(bool_or(starts_with(genres, '[')), FALSE) AS are_literals FROM staging.batch
)
SELECT joinable.*
FROM joinable
CROSS JOIN lists
WHERE id IS NOT NULL
    AND coalesce(regexp_full_match(unread.release_date, '[-0-9/. :TZ]+'), TRUE)
    AND coalesce(regexp_full_match(unread.budget, '[$0-9., eE+]+'), TRUE)
    AND coalesce(regexp_full_match(unread.revenue, '[$0-9., eE+]+'), TRUE)
    AND unread.popularity IS NULL
    AND (vote_average IS NOT NULL OR $positions.vote_average > $width)
    AND (vote_count IS NOT NULL OR $positions.vote_count > $width)
    AND (NOT are_literals OR list_bool_and(list_transform(
        [
            coalesce(genres, '[]'),
            CASE WHEN $positions.production_companies > $width THEN '[]' ELSE coalesce(production_companies, '') END,
            coalesce(production_countries, '[]'),
            coalesce(belongs_to_collection, '[]')
        ],
        lambda text: python_literal(text) IS NOT NULL
    )))
QUALIFY first_row > coalesce(
    max(last_row) OVER (ORDER BY first_row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1
);

INSERT INTO staging.batch BY NAME SELECT * EXCLUDE last_row FROM joined;

INSERT INTO unloadable
SELECT pieces.row + $before, 'fields' AS reason, format('it has {} of {} fields', len(pieces.fields), $width) AS message
FROM pieces
WHERE NOT EXISTS (SELECT 1 FROM joined WHERE pieces.row BETWEEN joined.first_row AND joined.last_row);

SELECT coalesce(sum(last_row - first_row), 0) AS lines_joined, count(*) AS repaired FROM joined;
