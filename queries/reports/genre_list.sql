-- Which genres are there, and what is known of them? Those with the most films stand first.
-- $search: words that the name must hold, whatever the case, accents and blanks; or NULL.
SELECT
    genres.name AS genre,
    array_to_string(genres.tmdb_ids, ' ') AS tmdb_ids,
    count(*) AS films,
    CAST(min(extract(year FROM movies.release_date)) AS integer) AS first_year,
    CAST(max(extract(year FROM movies.release_date)) AS integer) AS last_year,
    CAST(sum(movies.budget) AS bigint) AS budget,
    CAST(sum(movies.revenue) AS bigint) AS revenue,
    CAST(
        CASE
            WHEN count(movies.budget) + count(movies.revenue) > 0
                THEN coalesce(sum(movies.revenue), 0) - coalesce(sum(movies.budget), 0)
        END AS bigint
    ) AS profit,
    count(movies.budget + movies.revenue) AS complete
FROM genres
JOIN movie_genres ON movie_genres.genre_id = genres.id
JOIN movies ON movies.id = movie_genres.movie_id
WHERE $search IS NULL
    OR (
        strip_accents($search) <> ''
        AND contains(
            regexp_replace(lower(strip_accents(genres.name)), '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g'),
            lower(strip_accents($search))
        )
    )
GROUP BY genres.name, genres.tmdb_ids
ORDER BY films DESC, genre
