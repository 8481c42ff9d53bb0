-- The tables to which each batch of records adds what the later steps need of it. They are begun anew, and so are the
-- films, where a file is read a second time in another encoding.
DELETE FROM movies;

CREATE OR REPLACE TEMP TABLE film_lists (movie_id BIGINT, genres VARCHAR, companies VARCHAR);
CREATE OR REPLACE TEMP TABLE film_genres (movie_id BIGINT, name VARCHAR, tmdb_id BIGINT);
CREATE OR REPLACE TEMP TABLE film_companies (movie_id BIGINT, name VARCHAR, tmdb_id BIGINT);
CREATE OR REPLACE TEMP TABLE unread_texts (movie_id BIGINT, field VARCHAR, text VARCHAR);
CREATE OR REPLACE TEMP TABLE unloadable (row BIGINT, reason VARCHAR, message VARCHAR);

-- The reader appends to the tables of its errors.
DROP TABLE IF EXISTS reject_errors;
DROP TABLE IF EXISTS reject_scans;
