-- The fields a film needs, found by their place in the header ($title is the place of the column title,
-- NULL where the file has no such column), and their values in real types. $nuls tells whether the file holds
-- NUL characters at all, so that the rare damage costs the usual file nothing. The casts tell DuckDB 1.5 the type of a NULL.
CREATE OR REPLACE TEMP TABLE texts AS
WITH records AS (
    SELECT rowid AS row, fields FROM raw WHERE fields[-1] IS NOT NULL
    UNION ALL
    SELECT row, fields FROM joined
)
SELECT
    row,
    whole_number(fields[$id]) AS id,
    left(fields[$id], 40) AS id_text,
    $nuls AND contains(array_to_string(fields, ''), chr(0)) AS has_nul,
    nullif(fields[CAST($imdb_id AS bigint)], '') AS imdb_id,
    nullif(fields[CAST($title AS bigint)], '') AS title,
    nullif(fields[CAST($original_title AS bigint)], '') AS original_title,
    nullif(fields[CAST($original_language AS bigint)], '') AS original_language,
    nullif(fields[CAST($overview AS bigint)], '') AS overview,
    nullif(fields[CAST($tagline AS bigint)], '') AS tagline,
    nullif(fields[CAST($status AS bigint)], '') AS status,
    nullif(fields[CAST($adult AS bigint)], '') AS adult,
    nullif(fields[CAST($release_date AS bigint)], '') AS release_date,
    nullif(fields[CAST($runtime AS bigint)], '') AS runtime,
    nullif(fields[CAST($budget AS bigint)], '') AS budget,
    nullif(fields[CAST($revenue AS bigint)], '') AS revenue,
    nullif(fields[CAST($popularity AS bigint)], '') AS popularity,
    nullif(fields[CAST($vote_average AS bigint)], '') AS vote_average,
    nullif(fields[CAST($vote_count AS bigint)], '') AS vote_count,
    nullif(fields[CAST($genres AS bigint)], '') AS genres,
    nullif(fields[CAST($production_companies AS bigint)], '') AS production_companies
FROM records;

-- Of two records with one id the one with more votes stays; on a tie, the later.
CREATE OR REPLACE TEMP TABLE films AS
SELECT
    row,
    id,
    truth(adult) AS adult,
    calendar_date(release_date) AS release_date,
    figure(runtime) AS runtime,
    dollars(budget) AS budget,
    dollars(revenue) AS revenue,
    figure(popularity) AS popularity,
    figure(vote_average) AS vote_average,
    whole_number(vote_count) AS vote_count,
    named_items(genres) AS genres,
    named_items(production_companies) AS companies
FROM texts
WHERE id IS NOT NULL AND NOT has_nul
QUALIFY row_number() OVER (PARTITION BY id ORDER BY whole_number(vote_count) DESC NULLS LAST, row DESC) = 1;
