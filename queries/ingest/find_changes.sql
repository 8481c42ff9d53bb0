-- What is different from the old database: a row for each film added or removed, and for each field changed.
CREATE OR REPLACE TEMP TABLE list_differences AS
SELECT
    movie_id,
    field,
    list(name ORDER BY name) FILTER (NOT is_new) AS old_names,
    list(name ORDER BY name) FILTER (is_new) AS new_names
FROM different_names
WHERE (movie_id, field) IN (FROM different_lists)
GROUP BY movie_id, field;

CREATE OR REPLACE TEMP TABLE differences AS
WITH old_fields AS (
    UNPIVOT (
        SELECT id, CAST(COLUMNS(* EXCLUDE id) AS varchar)
        FROM old.movies
        WHERE id IN (SELECT id FROM different_films)
    ) ON COLUMNS(* EXCLUDE id) INTO NAME field VALUE value
),
new_fields AS (
    UNPIVOT (
        SELECT id, CAST(COLUMNS(* EXCLUDE id) AS varchar)
        FROM movies
        WHERE id IN (SELECT id FROM different_films)
    ) ON COLUMNS(* EXCLUDE id) INTO NAME field VALUE value
)
SELECT id AS movie_id, title, 'added' AS change, CAST(NULL AS varchar) AS field, CAST(NULL AS varchar) AS old_value,
    CAST(NULL AS varchar) AS new_value
FROM movies
WHERE id NOT IN (SELECT id FROM old.movies)
UNION ALL
SELECT id AS movie_id, title, 'removed' AS change, NULL AS field, NULL AS old_value, NULL AS new_value
FROM old.movies
WHERE id NOT IN (SELECT id FROM movies)
UNION ALL
SELECT
    id AS movie_id,
    movies.title,
    'changed' AS change,
    field,
    old_fields.value AS old_value,
    new_fields.value AS new_value
FROM new_fields
FULL JOIN old_fields USING (id, field)
JOIN movies USING (id)
WHERE old_fields.value IS DISTINCT FROM new_fields.value
UNION ALL
SELECT
    movie_id,
    movies.title,
    'changed' AS change,
    field,
    array_to_string(old_names, ' | ') AS old_value,
    array_to_string(new_names, ' | ') AS new_value
FROM list_differences
JOIN movies ON movies.id = movie_id;
