-- The films of a batch: the fields that a film needs, as typed values. They are found by their position in the header:
-- $title is that of the column title, or 0, which gives NULL, if there is none. $nuls says whether the file contains
-- NUL characters at all, so that the check costs nothing for other files. $before records came in earlier batches.
CREATE TEMP TABLE films AS
WITH records AS (
    SELECT rowid AS row, NULL AS last_row, fields FROM raw WHERE fields[-1] IS NOT NULL
    UNION ALL
    SELECT row, last_row, fields FROM candidates
)
SELECT
    row,
    last_row,
    whole_number(fields[$id]) AS id,
    $nuls AND contains(array_to_string(fields, ''), chr(0)) AS has_nul,
    nullif(fields[$imdb_id], '') AS imdb_id,
    nullif(fields[$title], '') AS title,
    nullif(fields[$original_title], '') AS original_title,
    nullif(fields[$original_language], '') AS original_language,
    nullif(fields[$overview], '') AS overview,
    nullif(fields[$tagline], '') AS tagline,
    nullif(fields[$status], '') AS status,
    truth(fields[$adult]) AS adult,
    calendar_date(fields[$release_date]) AS release_date,
    figure(fields[$runtime]) AS runtime,
    dollars(fields[$budget]) AS budget,
    dollars(fields[$revenue]) AS revenue,
    figure(fields[$popularity]) AS popularity,
    vote(fields[$vote_average]) AS vote_average,
    tally(fields[$vote_count]) AS vote_count,
    nullif(fields[$genres], '') AS genres,
    nullif(fields[$production_companies], '') AS companies,
    struct_pack(
        id := fields[$id],
        adult := nullif(fields[$adult], ''),
        release_date := nullif(fields[$release_date], ''),
        runtime := nullif(fields[$runtime], ''),
        budget := nullif(fields[$budget], ''),
        revenue := nullif(fields[$revenue], ''),
        popularity := nullif(fields[$popularity], ''),
        vote_average := nullif(fields[$vote_average], ''),
        vote_count := nullif(fields[$vote_count], '')
    ) AS texts
FROM records;

-- Pieces are joined only if the result reads as a film in every column, so that two damaged records never make a third.
-- Dates and money may be written in another way; lists are literals where those of other films are.
CREATE OR REPLACE TEMP TABLE joined AS
WITH lists AS (
    SELECT coalesce(bool_or(starts_with(genres, '[')), FALSE) AS are_literals FROM films WHERE last_row IS NULL
)
SELECT row, last_row
FROM films
CROSS JOIN lists
WHERE last_row IS NOT NULL
    AND id IS NOT NULL
    AND (release_date IS NOT NULL OR coalesce(regexp_full_match(texts.release_date, '[-0-9/. :TZ]+'), TRUE))
    AND (budget IS NOT NULL OR coalesce(regexp_full_match(texts.budget, '[$0-9., eE+]+'), TRUE))
    AND (revenue IS NOT NULL OR coalesce(regexp_full_match(texts.revenue, '[$0-9., eE+]+'), TRUE))
    AND (popularity IS NOT NULL OR texts.popularity IS NULL)
    AND (vote_average IS NOT NULL OR $vote_average = 0)
    AND (vote_count IS NOT NULL OR $vote_count = 0)
    AND (NOT are_literals OR list_bool_and(list_transform(
        [coalesce(genres, '[]'), CASE WHEN $production_companies = 0 THEN '[]' ELSE coalesce(companies, '') END],
        lambda text: python_literal(text) IS NOT NULL
    )))
QUALIFY row > coalesce(max(last_row) OVER (ORDER BY row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1);

DELETE FROM films WHERE last_row IS NOT NULL AND row NOT IN (SELECT row FROM joined);

-- Records that were read but cannot be loaded: too few fields, no usable id, or NUL characters.
INSERT INTO unloadable
SELECT pieces.row + $before, 'fields' AS reason, format('it has {} of {} fields', len(pieces.fields), $width) AS message
FROM pieces
WHERE NOT EXISTS (SELECT 1 FROM joined WHERE pieces.row BETWEEN joined.row AND joined.last_row)
UNION ALL
SELECT row + $before, 'nul' AS reason, 'it contains NUL characters' AS message
FROM films
WHERE has_nul
UNION ALL
SELECT row + $before, 'id' AS reason, format('its id "{}" is not a whole number', left(texts.id, 40)) AS message
FROM films
WHERE id IS NULL AND NOT has_nul;

DELETE FROM films WHERE id IS NULL OR has_nul;
