-- Cleaned films into the tables of schema.sql. Names are the keys of genres and companies: a film counts once
-- per name, whatever its record repeats.
INSERT INTO movies
SELECT
    films.id,
    texts.imdb_id,
    texts.title,
    texts.original_title,
    texts.original_language,
    texts.overview,
    texts.tagline,
    texts.status,
    films.adult,
    films.release_date,
    films.runtime,
    nullif(films.budget, 0) AS budget,
    nullif(films.revenue, 0) AS revenue,
    films.popularity,
    films.vote_average,
    films.vote_count
FROM films
JOIN texts ON texts.row = films.row
ORDER BY films.id;

CREATE OR REPLACE TEMP TABLE film_genres AS
SELECT movie_id, item.name AS name, item.id AS tmdb_id
FROM (SELECT id AS movie_id, unnest(genres) AS item FROM films);

INSERT INTO genres
SELECT
    row_number() OVER (ORDER BY name) AS id,
    name,
    coalesce(list(tmdb_id ORDER BY tmdb_id) FILTER (tmdb_id IS NOT NULL), []) AS tmdb_ids
FROM (SELECT DISTINCT name, tmdb_id FROM film_genres) AS each_once
GROUP BY name;

INSERT INTO movie_genres
SELECT DISTINCT film_genres.movie_id, genres.id
FROM film_genres
JOIN genres ON genres.name = film_genres.name
ORDER BY ALL;

CREATE OR REPLACE TEMP TABLE film_companies AS
SELECT movie_id, item.name AS name, item.id AS tmdb_id
FROM (SELECT id AS movie_id, unnest(companies) AS item FROM films);

INSERT INTO companies
SELECT
    row_number() OVER (ORDER BY name) AS id,
    name,
    coalesce(list(tmdb_id ORDER BY tmdb_id) FILTER (tmdb_id IS NOT NULL), []) AS tmdb_ids
FROM (SELECT DISTINCT name, tmdb_id FROM film_companies) AS each_once
GROUP BY name;

INSERT INTO movie_companies
SELECT DISTINCT film_companies.movie_id, companies.id
FROM film_companies
JOIN companies ON companies.name = film_companies.name
ORDER BY ALL;
