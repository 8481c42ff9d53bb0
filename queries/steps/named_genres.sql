-- Which films has each genre?
--
-- $search  words that its name must hold, whatever the case, accents and blanks; or NULL
SELECT genres.name, genres.tmdb_ids, movie_genres.movie_id
FROM genres
JOIN movie_genres ON movie_genres.genre_id = genres.id
WHERE $search IS NULL
    OR (
        strip_accents($search) <> ''
        AND contains(
            regexp_replace(lower(strip_accents(genres.name)), '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g'),
            lower(strip_accents($search))
        )
    )
