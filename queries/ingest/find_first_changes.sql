-- The first films that a database gets are all new, and there is nothing to compare them with.
CREATE OR REPLACE TEMP TABLE differences AS
SELECT id AS movie_id, title, 'added' AS change, CAST(NULL AS varchar) AS field, CAST(NULL AS varchar) AS old_value,
    CAST(NULL AS varchar) AS new_value
FROM movies;
