-- How many films did the old database have?
SELECT count(*) AS films_before FROM old.movies;
