-- Of how many films are the companies known, in the new database and in the old one, and of how many can they not be read?
-- It is written for companies; the names of other tables take their places for other subjects.
SELECT
    'production_companies' AS field,
    (SELECT count(DISTINCT movie_id) FROM movie_companies) AS known,
    (SELECT count(*) FROM unread_texts WHERE field = 'production_companies') AS unread,
    (SELECT count(DISTINCT movie_id) FROM old.movie_companies) AS known_before,
    (SELECT count(*) FROM movies) AS films,
    (SELECT count(*) FROM old.movies) AS films_before;
