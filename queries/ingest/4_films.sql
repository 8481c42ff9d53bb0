-- Cleaned films into the table movies, and their genres and companies into lists of names.
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

CHECKPOINT;  -- until then, the index of a key stays in memory, whatever the limit

CREATE OR REPLACE TEMP TABLE film_genres AS
SELECT movie_id, item.name AS name, item.id AS tmdb_id
FROM (SELECT id AS movie_id, unnest(genres) AS item FROM films);

CREATE OR REPLACE TEMP TABLE film_companies AS
SELECT movie_id, item.name AS name, item.id AS tmdb_id
FROM (SELECT id AS movie_id, unnest(companies) AS item FROM films);
