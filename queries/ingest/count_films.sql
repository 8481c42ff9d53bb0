-- How many films does the source have? Each has its own id.
SELECT CASE WHEN count(*) = count(DISTINCT id) THEN count(*) ELSE error('a film is in the database twice') END AS films
FROM movies;
