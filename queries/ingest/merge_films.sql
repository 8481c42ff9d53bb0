-- A delta: films of the old database stay unless the source has them too.
INSERT INTO movies BY NAME SELECT * FROM old.movies WHERE id NOT IN (SELECT id FROM movies);
