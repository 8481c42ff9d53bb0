-- The genres of the films of a delta, by their names. A name keeps its TMDB ids as long as another film has it.
CREATE OR REPLACE TEMP TABLE lone AS
SELECT id
FROM old.genres
WHERE id NOT IN (
    SELECT genre_id
    FROM movie_genres
    WHERE genre_id IN (SELECT id FROM old.genres) AND movie_id NOT IN (SELECT id FROM old.movies)
);

CREATE OR REPLACE TEMP TABLE known AS
SELECT
    genres.id,
    genres.tmdb_ids AS ids_before,
    list_sort(list_distinct(
        CASE WHEN genres.id IN (SELECT id FROM lone) THEN news.tmdb_ids ELSE genres.tmdb_ids || news.tmdb_ids END
    )) AS tmdb_ids,
    news.id AS new_id
FROM genres
JOIN staging.genres AS news ON news.name = genres.name;

DELETE FROM genres WHERE id IN (SELECT id FROM lone) AND id NOT IN (SELECT id FROM known);

UPDATE genres SET tmdb_ids = known.tmdb_ids
FROM known
WHERE known.id = genres.id AND known.tmdb_ids <> known.ids_before;

CREATE OR REPLACE TEMP TABLE added AS
SELECT
    (SELECT coalesce(max(id), 0) FROM genres) + row_number() OVER (ORDER BY name) AS id,
    name,
    name_folded,
    tmdb_ids,
    id AS new_id
FROM staging.genres
WHERE id NOT IN (SELECT new_id FROM known);

INSERT INTO genres BY NAME SELECT * EXCLUDE new_id FROM added;

DELETE FROM movie_genres
WHERE movie_id IN (SELECT movie_id FROM different_lists WHERE field = 'genres' UNION ALL SELECT id FROM staging.removed);

INSERT INTO movie_genres
SELECT links.movie_id, names.id
FROM staging.movie_genres AS links
JOIN (SELECT new_id, id FROM known UNION ALL SELECT new_id, id FROM added) AS names ON names.new_id = links.genre_id
WHERE links.movie_id IN (SELECT movie_id FROM different_lists WHERE field = 'genres')
    OR links.movie_id NOT IN (SELECT id FROM old.movies)
ORDER BY links.movie_id, names.id;
