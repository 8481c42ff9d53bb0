-- The films of the old database stay as they are: an ingest has failed, or only the data model is new.
-- Each checkpoint takes indexes out of memory.
INSERT INTO movies SELECT * FROM old.movies;
CHECKPOINT;
INSERT INTO genres SELECT * FROM old.genres;
INSERT INTO companies SELECT * FROM old.companies;
CHECKPOINT;
INSERT INTO movie_genres SELECT * FROM old.movie_genres;
CHECKPOINT;
INSERT INTO movie_companies SELECT * FROM old.movie_companies;
CHECKPOINT;
INSERT INTO movie_ratings SELECT * FROM old.movie_ratings;
