-- How many films have ratings, in the new database and in the old one?
SELECT
    (SELECT count(*) FROM movie_ratings) AS rated,
    (SELECT count(*) FROM old.movie_ratings) AS rated_before;
