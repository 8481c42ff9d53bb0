-- What is different from the old database: a row for each film added or removed, and for each field changed.
-- Films that differ are found by hashes first, so that little memory is used for those that do not.
CREATE OR REPLACE TEMP VIEW old_names AS
SELECT movie_id, 'genres' AS field, name
FROM old.movie_genres
JOIN old.genres ON genres.id = genre_id
UNION ALL
SELECT movie_id, 'companies' AS field, name
FROM old.movie_companies
JOIN old.companies ON companies.id = company_id;

CREATE OR REPLACE TEMP VIEW new_names AS
SELECT movie_id, 'genres' AS field, name
FROM movie_genres
JOIN genres ON genres.id = genre_id
UNION ALL
SELECT movie_id, 'companies' AS field, name
FROM movie_companies
JOIN companies ON companies.id = company_id;

CREATE OR REPLACE TEMP TABLE different_films AS
SELECT id
FROM (SELECT id, hash(movies) AS digest FROM movies) AS new_films
JOIN (SELECT id, hash(movies) AS digest FROM old.movies) AS old_films USING (id)
WHERE new_films.digest <> old_films.digest;

-- The lists of genres and companies are compared by one hash each, whatever the order of the names.
CREATE OR REPLACE TEMP TABLE different_lists AS
WITH new_lists AS (SELECT movie_id, field, bit_xor(hash(name)) AS digest FROM new_names GROUP BY movie_id, field),
old_lists AS (SELECT movie_id, field, bit_xor(hash(name)) AS digest FROM old_names GROUP BY movie_id, field),
different AS (
    SELECT movie_id, field
    FROM new_lists
    FULL JOIN old_lists USING (movie_id, field)
    WHERE new_lists.digest IS DISTINCT FROM old_lists.digest
),
kept AS (
    SELECT different.movie_id, different.field, movies.title
    FROM different
    JOIN movies ON movies.id = different.movie_id
    WHERE movie_id IN (SELECT id FROM old.movies)
)
SELECT
    movie_id,
    title,
    field,
    (SELECT string_agg(name, ' | ' ORDER BY name) FROM old_names
        WHERE old_names.movie_id = kept.movie_id AND old_names.field = kept.field) AS old_value,
    (SELECT string_agg(name, ' | ' ORDER BY name) FROM new_names
        WHERE new_names.movie_id = kept.movie_id AND new_names.field = kept.field) AS new_value
FROM kept;

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
SELECT movie_id, title, 'changed' AS change, field, old_value, new_value
FROM different_lists;
