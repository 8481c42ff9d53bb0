-- Companies, with their names as keys.
-- It is written for companies; the names of other tables take their places for other subjects.
INSERT INTO companies BY NAME
SELECT
    row_number() OVER (ORDER BY name) AS id,
    name,
    folded(name) AS name_folded,
    coalesce(list(tmdb_id ORDER BY tmdb_id) FILTER (tmdb_id IS NOT NULL), []) AS tmdb_ids
FROM (SELECT DISTINCT name, tmdb_id FROM film_companies) AS each_once
GROUP BY name;
