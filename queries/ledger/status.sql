-- What does the database contain, and for how many films is the money known?
SELECT
    (SELECT count(*) FROM movies) AS movies,
    (SELECT count(*) FROM genres) AS genres,
    (SELECT count(*) FROM companies) AS companies,
    (SELECT count(*) FROM movie_genres) AS movie_genres,
    (SELECT count(*) FROM movie_companies) AS movie_companies,
    (SELECT count(*) FROM movie_ratings) AS movie_ratings,
    (SELECT count(budget) FROM movies) AS known_budgets,
    (SELECT count(revenue) FROM movies) AS known_revenues,
    (SELECT count(budget + revenue) FROM movies) AS complete,
    (SELECT count(*) FROM movies WHERE budget < 1000) AS small_budgets,
    (SELECT count(*) FROM movies WHERE revenue < 1000) AS small_revenues,
    (SELECT count(*) FROM movies WHERE release_date IS NULL) AS without_date,
    (SELECT count(*) FROM movies WHERE id NOT IN (SELECT movie_id FROM movie_genres)) AS without_genre,
    (SELECT count(*) FROM movies WHERE id NOT IN (SELECT movie_id FROM movie_companies)) AS without_company,
    (SELECT count(*) FROM movies WHERE status <> 'Released') AS not_released;
