-- The films that a delta adds, changes or removes; those that it only repeats stay where they are.
DELETE FROM movies WHERE id IN (SELECT id FROM different_films UNION ALL SELECT id FROM staging.removed);

DELETE FROM movie_ratings WHERE movie_id IN (SELECT id FROM staging.removed);

INSERT INTO movies BY NAME
SELECT *
FROM staging.movies
WHERE id IN (SELECT id FROM different_films) OR id NOT IN (SELECT id FROM old.movies);
