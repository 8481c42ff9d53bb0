-- The films that a delta adds or changes; those that it only repeats stay where they are.
DELETE FROM movies WHERE id IN (SELECT id FROM different_films);

INSERT INTO movies BY NAME
SELECT *
FROM staging.movies
WHERE id IN (SELECT id FROM different_films) OR id NOT IN (SELECT id FROM old.movies);
