-- Genres, with their names as keys, and which film has which: once per name, whatever its record repeats.
INSERT INTO genres BY NAME
SELECT
    row_number() OVER (ORDER BY name) AS id,
    name,
    folded(name) AS name_folded,
    coalesce(list(tmdb_id ORDER BY tmdb_id) FILTER (tmdb_id IS NOT NULL), []) AS tmdb_ids
FROM (SELECT DISTINCT name, tmdb_id FROM film_genres) AS each_once
GROUP BY name;

INSERT INTO movie_genres
SELECT DISTINCT film_genres.movie_id, genres.id
FROM film_genres
JOIN genres ON genres.name = film_genres.name
ORDER BY ALL;
