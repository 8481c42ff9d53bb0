-- The films of the old database are copied as they are: after a failed ingest, for a new data model, or to put the tables
-- in order again. Names are folded again, since the rule may be newer than the database. Each checkpoint frees the memory
-- of indexes.
INSERT INTO movies BY NAME SELECT * FROM old.movies;
CHECKPOINT;
INSERT INTO genres BY NAME SELECT id, name, folded(name) AS name_folded, tmdb_ids FROM old.genres;
INSERT INTO companies BY NAME SELECT id, name, folded(name) AS name_folded, tmdb_ids FROM old.companies;
INSERT INTO countries BY NAME SELECT id, name, folded(name) AS name_folded, codes FROM old.countries;
CHECKPOINT;
INSERT INTO movie_genres BY NAME SELECT * FROM old.movie_genres ORDER BY movie_id, genre_id;
CHECKPOINT;
INSERT INTO movie_companies BY NAME SELECT * FROM old.movie_companies ORDER BY company_id, movie_id;
CHECKPOINT;
INSERT INTO movie_countries BY NAME SELECT * FROM old.movie_countries ORDER BY movie_id, country_id;
CHECKPOINT;
INSERT INTO movie_ratings BY NAME SELECT * FROM old.movie_ratings;
