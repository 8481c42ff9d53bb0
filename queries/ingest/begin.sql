-- The staging tables, to which each batch of records adds what later steps need. They and the films are emptied here,
-- because a file may be read a second time in another encoding.
DELETE FROM movies;

CREATE OR REPLACE TEMP TABLE film_lists (
    movie_id BIGINT,
    genres VARCHAR,
    production_companies VARCHAR,
    production_countries VARCHAR,
    belongs_to_collection VARCHAR,
    keywords VARCHAR,
    "cast" VARCHAR,
    crew VARCHAR,
    directors VARCHAR,
    writers VARCHAR
);
CREATE OR REPLACE TEMP TABLE plain_credits (movie_id BIGINT, tmdb_id BIGINT, name VARCHAR, job VARCHAR);
CREATE OR REPLACE TEMP TABLE plain_cells (field VARCHAR, films BIGINT);
CREATE OR REPLACE TEMP TABLE unread_texts (movie_id BIGINT, field VARCHAR, text VARCHAR);
CREATE OR REPLACE TEMP TABLE film_files (movie_id BIGINT, file INTEGER);
CREATE OR REPLACE TEMP TABLE unloadable (row BIGINT, reason VARCHAR, message VARCHAR);

-- The CSV reader appends to its tables of errors.
DROP TABLE IF EXISTS reject_errors;
DROP TABLE IF EXISTS reject_scans;
