-- How many films are in several files?
SELECT count(*) AS films
FROM (SELECT movie_id FROM film_files GROUP BY movie_id HAVING count(DISTINCT file) > 1);
