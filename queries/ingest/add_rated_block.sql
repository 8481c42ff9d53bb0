-- One part of the ratings file, in memory.
INSERT INTO rated_parts
SELECT film_number("movieid"), count(*), count(stars("rating")), sum(stars("rating"))
FROM block
GROUP BY film_number("movieid");
