-- The fields a film needs, found by their place in the header ($title is the place of the column title,
-- 0, which gives NULL, where the file has no such column), and their values in real types. $nuls tells whether the
-- file holds NUL characters at all, so that the rare damage costs the usual file nothing.
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
    nullif(fields[$imdb_id], '') AS imdb_id,
    nullif(fields[$title], '') AS title,
    nullif(fields[$original_title], '') AS original_title,
    nullif(fields[$original_language], '') AS original_language,
    nullif(fields[$overview], '') AS overview,
    nullif(fields[$tagline], '') AS tagline,
    nullif(fields[$status], '') AS status,
    nullif(fields[$adult], '') AS adult,
    nullif(fields[$release_date], '') AS release_date,
    nullif(fields[$runtime], '') AS runtime,
    nullif(fields[$budget], '') AS budget,
    nullif(fields[$revenue], '') AS revenue,
    nullif(fields[$popularity], '') AS popularity,
    nullif(fields[$vote_average], '') AS vote_average,
    nullif(fields[$vote_count], '') AS vote_count,
    nullif(fields[$genres], '') AS genres,
    nullif(fields[$production_companies], '') AS production_companies
FROM records;

DROP TABLE raw;  -- it is as large as the file

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
    listed(genres) AS genres,
    listed(production_companies) AS companies
FROM texts
WHERE id IS NOT NULL AND NOT has_nul
QUALIFY row_number() OVER (PARTITION BY id ORDER BY whole_number(vote_count) DESC NULLS LAST, row DESC) = 1;
