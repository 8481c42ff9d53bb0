-- The films of which a field is different from the old database. They are found by hashes, so that little memory is used
-- for those that are not. The tables of lists and names are filled by find_different_names.sql.
CREATE OR REPLACE TEMP TABLE different_films AS
SELECT id
FROM (SELECT id, hash(movies) AS digest FROM movies) AS new_films
JOIN (SELECT id, hash(movies) AS digest FROM old.movies) AS old_films USING (id)
WHERE new_films.digest <> old_films.digest;

CREATE OR REPLACE TEMP TABLE different_lists (movie_id BIGINT, field VARCHAR);
CREATE OR REPLACE TEMP TABLE different_names (movie_id BIGINT, field VARCHAR, name VARCHAR, is_new BOOLEAN);
