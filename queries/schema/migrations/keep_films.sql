-- The films of the old database are copied as they are: after a failed ingest, for a new data model, or to put the tables
-- in order again. Each checkpoint frees the memory of indexes.
INSERT INTO movies BY NAME SELECT * FROM old.movies;
CHECKPOINT;
INSERT INTO movie_ratings BY NAME SELECT * FROM old.movie_ratings;
