-- Records that an unquoted line break may have split: neighbours that each have too few fields, and together, with the
-- two halves of the broken field joined, exactly as many as the header. A part of the file ends after a complete
-- record, so that all pieces are in one batch.
CREATE OR REPLACE TEMP TABLE pieces AS
SELECT rowid AS row, list_filter(fields, lambda field: field IS NOT NULL) AS fields
FROM raw
WHERE fields[-1] IS NULL;

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
    spans.first_row AS row,
    spans.last_row,
    string_split(
        string_agg(array_to_string(pieces.fields, $nothing), chr(10) ORDER BY pieces.row), $nothing
    ) AS fields
FROM spans
JOIN pieces ON pieces.row BETWEEN spans.first_row AND spans.last_row
GROUP BY spans.first_row, spans.last_row;
