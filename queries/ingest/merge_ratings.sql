-- A delta keeps the ratings of the films for which it has none.
INSERT INTO movie_ratings BY NAME
SELECT *
FROM old.movie_ratings
WHERE movie_id NOT IN (SELECT movie_id FROM movie_ratings);
