-- How many films has the source?
SELECT count(*) AS films FROM movies;
