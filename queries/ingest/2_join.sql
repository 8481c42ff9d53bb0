-- Records that an unquoted line break has split are joined again: neighbours that each have too few fields,
-- and together, with the two halves of the broken field made one, exactly as many as the header.
-- They are joined only if the result reads as a film in every column, so that two damaged records never make a third.
CREATE OR REPLACE TEMP TABLE pieces AS
SELECT rowid AS row, list_filter(fields, lambda field: field IS NOT NULL) AS fields
FROM raw
WHERE fields[-1] IS NULL;

CREATE OR REPLACE TEMP TABLE joined AS
WITH runs AS (
    SELECT row, len(fields) - 1 AS breaks, row - row_number() OVER (ORDER BY row) AS run
    FROM pieces
),
totals AS (
    SELECT row, run, breaks, sum(breaks) OVER (PARTITION BY run ORDER BY row) AS total
    FROM runs
),
spans AS (
    SELECT a.row AS first_row, min(b.row) AS last_row
    FROM totals AS a
    JOIN totals AS b ON b.run = a.run AND b.total = a.total - a.breaks + $width - 1 AND b.row > a.row
    GROUP BY a.row
),
whole AS (
    SELECT
        spans.first_row AS row,
        spans.last_row,
        string_split(
            string_agg(array_to_string(pieces.fields, $nothing), chr(10) ORDER BY pieces.row), $nothing
        ) AS fields
    FROM spans
    JOIN pieces ON pieces.row BETWEEN spans.first_row AND spans.last_row
    GROUP BY spans.first_row, spans.last_row
),
readable AS (
    SELECT row, last_row, fields
    FROM whole
    WHERE whole_number(fields[$id]) IS NOT NULL
        AND (fields[$release_date] = '' OR calendar_date(fields[$release_date]) IS NOT NULL)
        AND (fields[$budget] = '' OR dollars(fields[$budget]) IS NOT NULL)
        AND (fields[$revenue] = '' OR dollars(fields[$revenue]) IS NOT NULL)
        AND (fields[$popularity] = '' OR figure(fields[$popularity]) IS NOT NULL)
        AND ($vote_average = 0 OR figure(fields[$vote_average]) IS NOT NULL)
        AND ($vote_count = 0 OR whole_number(fields[$vote_count]) IS NOT NULL)
        AND (fields[$genres] = '' OR listed(fields[$genres]) IS NOT NULL)
        AND listed(fields[$production_companies]) IS NOT NULL
)
SELECT row, last_row, fields
FROM readable
QUALIFY row > coalesce(max(last_row) OVER (ORDER BY row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1);
