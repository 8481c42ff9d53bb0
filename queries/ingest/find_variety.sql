-- How many films have the same title or date, the most frequent one, in the new database and in the old one?
WITH films AS (
    SELECT TRUE AS is_new, title, CAST(release_date AS VARCHAR) AS release_date FROM movies
    UNION ALL
    SELECT FALSE AS is_new, title, CAST(release_date AS VARCHAR) AS release_date FROM old.movies
),
cells AS (
    UNPIVOT films ON title, release_date INTO NAME field VALUE value
),
counts AS (
    SELECT is_new, field, value, count(*) AS films
    FROM cells
    GROUP BY is_new, field, value
)
SELECT
    field,
    coalesce(max(films) FILTER (is_new), 0) AS alike,
    coalesce(sum(films) FILTER (is_new), 0) AS known,
    coalesce(max(films) FILTER (NOT is_new), 0) AS alike_before,
    coalesce(sum(films) FILTER (NOT is_new), 0) AS known_before
FROM counts
GROUP BY field
ORDER BY field;
