-- What is different from the old database: a row for each film added or removed, and for each field changed.
-- The films that differ are found by narrow columns first, so that little is kept of those that do not.
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

-- The lists of genres and companies are compared as sorted texts.
CREATE OR REPLACE TEMP TABLE different_lists AS
WITH new_digests AS (SELECT movie_id, field, hash(name) AS digest FROM new_names),
old_digests AS (SELECT movie_id, field, hash(name) AS digest FROM old_names),
different AS (
    SELECT movie_id, field FROM (FROM new_digests EXCEPT FROM old_digests)
    UNION
    SELECT movie_id, field FROM (FROM old_digests EXCEPT FROM new_digests)
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
SELECT id AS movie_id, title, 'added' AS change, CAST(NULL AS varchar) AS field, CAST(NULL AS varchar) AS old_value,
    CAST(NULL AS varchar) AS new_value
FROM movies
WHERE id NOT IN (SELECT id FROM old.movies)
UNION ALL
SELECT id AS movie_id, title, 'removed' AS change, NULL AS field, NULL AS old_value, NULL AS new_value
FROM old.movies
WHERE id NOT IN (SELECT id FROM movies)
UNION ALL
SELECT movie_id, title, 'changed' AS change, field, old_value, new_value
FROM (
    SELECT new_films.id AS movie_id, new_films.title, unnest([
        {'field': 'title', 'old_value': old_films.title, 'new_value': new_films.title},
        {'field': 'original_title', 'old_value': old_films.original_title, 'new_value': new_films.original_title},
        {'field': 'original_language', 'old_value': old_films.original_language, 'new_value': new_films.original_language},
        {'field': 'release_date', 'old_value': CAST(old_films.release_date AS varchar), 'new_value': CAST(new_films.release_date AS varchar)},
        {'field': 'status', 'old_value': old_films.status, 'new_value': new_films.status},
        {'field': 'adult', 'old_value': CAST(old_films.adult AS varchar), 'new_value': CAST(new_films.adult AS varchar)},
        {'field': 'runtime', 'old_value': CAST(old_films.runtime AS varchar), 'new_value': CAST(new_films.runtime AS varchar)},
        {'field': 'budget', 'old_value': CAST(old_films.budget AS varchar), 'new_value': CAST(new_films.budget AS varchar)},
        {'field': 'revenue', 'old_value': CAST(old_films.revenue AS varchar), 'new_value': CAST(new_films.revenue AS varchar)},
        {'field': 'popularity', 'old_value': CAST(old_films.popularity AS varchar), 'new_value': CAST(new_films.popularity AS varchar)},
        {'field': 'vote_average', 'old_value': CAST(old_films.vote_average AS varchar), 'new_value': CAST(new_films.vote_average AS varchar)},
        {'field': 'vote_count', 'old_value': CAST(old_films.vote_count AS varchar), 'new_value': CAST(new_films.vote_count AS varchar)},
        {'field': 'imdb_id', 'old_value': old_films.imdb_id, 'new_value': new_films.imdb_id},
        {'field': 'overview', 'old_value': old_films.overview, 'new_value': new_films.overview},
        {'field': 'tagline', 'old_value': old_films.tagline, 'new_value': new_films.tagline}
    ], recursive := true)
    FROM movies AS new_films
    JOIN old.movies AS old_films ON old_films.id = new_films.id
    WHERE new_films.id IN (SELECT id FROM different_films)
) AS fields
WHERE old_value IS DISTINCT FROM new_value
UNION ALL
SELECT movie_id, title, 'changed' AS change, field, old_value, new_value
FROM different_lists;
