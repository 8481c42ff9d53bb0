-- What is different from the old database: a row for each film added or removed, and for each field changed.
-- The lists of genres and companies are compared as sorted texts.
CREATE OR REPLACE TEMP VIEW old_films AS
SELECT
    *,
    (SELECT string_agg(name, ' | ' ORDER BY name) FROM old.genres
        JOIN old.movie_genres ON genre_id = genres.id WHERE movie_id = movies.id) AS genres,
    (SELECT string_agg(name, ' | ' ORDER BY name) FROM old.companies
        JOIN old.movie_companies ON company_id = companies.id WHERE movie_id = movies.id) AS companies
FROM old.movies;

CREATE OR REPLACE TEMP VIEW new_films AS
SELECT
    *,
    (SELECT string_agg(name, ' | ' ORDER BY name) FROM genres
        JOIN movie_genres ON genre_id = genres.id WHERE movie_id = movies.id) AS genres,
    (SELECT string_agg(name, ' | ' ORDER BY name) FROM companies
        JOIN movie_companies ON company_id = companies.id WHERE movie_id = movies.id) AS companies
FROM movies;

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
        {'field': 'genres', 'old_value': old_films.genres, 'new_value': new_films.genres},
        {'field': 'companies', 'old_value': old_films.companies, 'new_value': new_films.companies},
        {'field': 'imdb_id', 'old_value': old_films.imdb_id, 'new_value': new_films.imdb_id},
        {'field': 'overview', 'old_value': old_films.overview, 'new_value': new_films.overview},
        {'field': 'tagline', 'old_value': old_films.tagline, 'new_value': new_films.tagline}
    ], recursive := true)
    FROM new_films
    JOIN old_films ON old_films.id = new_films.id
    WHERE old_films IS DISTINCT FROM new_films
) AS fields
WHERE old_value IS DISTINCT FROM new_value
ORDER BY movie_id;
