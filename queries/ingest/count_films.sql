-- How many films does the source have?
SELECT count(*) AS films FROM movies;
