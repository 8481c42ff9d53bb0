-- Which of the films are of each genre? A film with three genres counts in full for each of them.
--
-- $genres  names of genres, or NULL for all
SELECT
    genres.name,
    limited.id,
    limited.year,
    limited.period,
    limited.budget,
    limited.revenue,
    limited.popularity
FROM limited
JOIN movie_genres ON movie_genres.movie_id = limited.id
JOIN genres ON genres.id = movie_genres.genre_id
WHERE $genres IS NULL OR genres.name IN (SELECT unnest(CAST($genres AS varchar[])))
