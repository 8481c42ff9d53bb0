-- What is different from the old database: a row for each film added or removed, and for each field changed.
-- Films that differ are found by hashes first, so that little memory is used for those that do not.
CREATE OR REPLACE TEMP VIEW old_names AS
SELECT movie_id, 'genres' AS field, name
FROM old.movie_genres
JOIN old.genres ON genres.id = genre_id
UNION ALL
SELECT movie_id, 'companies' AS field, name
FROM old.movie_companies
JOIN old.companies ON companies.id = company_id
UNION ALL
SELECT movie_id, 'countries' AS field, name
FROM old.movie_countries
JOIN old.countries ON countries.id = country_id;

CREATE OR REPLACE TEMP VIEW new_names AS
SELECT movie_id, 'genres' AS field, name
FROM movie_genres
JOIN genres ON genres.id = genre_id
UNION ALL
SELECT movie_id, 'companies' AS field, name
FROM movie_companies
JOIN companies ON companies.id = company_id
UNION ALL
SELECT movie_id, 'countries' AS field, name
FROM movie_countries
JOIN countries ON countries.id = country_id;

CREATE OR REPLACE TEMP TABLE different_films AS
SELECT id
FROM (SELECT id, hash(movies) AS digest FROM movies) AS new_films
JOIN (SELECT id, hash(movies) AS digest FROM old.movies) AS old_films USING (id)
WHERE new_films.digest <> old_films.digest;

-- The lists of names are compared by one hash each, whatever the order of the names.
CREATE OR REPLACE TEMP TABLE different_lists AS
WITH new_lists AS (SELECT movie_id, field, bit_xor(hash(name)) AS digest FROM new_names GROUP BY movie_id, field),
old_lists AS (SELECT movie_id, field, bit_xor(hash(name)) AS digest FROM old_names GROUP BY movie_id, field)
SELECT movie_id, field
FROM new_lists
FULL JOIN old_lists USING (movie_id, field)
WHERE new_lists.digest IS DISTINCT FROM old_lists.digest
    AND movie_id IN (SELECT id FROM movies)
    AND movie_id IN (SELECT id FROM old.movies);

CREATE OR REPLACE TEMP TABLE list_differences AS
WITH names AS (
    SELECT movie_id, field, name, TRUE AS is_new FROM different_lists JOIN new_names USING (movie_id, field)
    UNION ALL
    SELECT movie_id, field, name, FALSE AS is_new FROM different_lists JOIN old_names USING (movie_id, field)
)
SELECT
    movie_id,
    field,
    list(name ORDER BY name) FILTER (NOT is_new) AS old_names,
    list(name ORDER BY name) FILTER (is_new) AS new_names
FROM names
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
