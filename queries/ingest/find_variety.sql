-- How many films have the same value of a field, the most frequent one, in the new database and in the old one? A list is
-- one value, whatever the order of its names.
WITH films AS (
    SELECT TRUE AS is_new, title, CAST(release_date AS VARCHAR) AS release_date FROM movies
    UNION ALL
    SELECT FALSE AS is_new, title, CAST(release_date AS VARCHAR) AS release_date FROM old.movies
),
cells AS (
    FROM (UNPIVOT films ON title, release_date INTO NAME field VALUE value)
    UNION ALL
    SELECT TRUE AS is_new, 'genres' AS field, CAST(bit_xor(hash(genre_id)) AS VARCHAR) AS value
    FROM movie_genres
    GROUP BY movie_id
    UNION ALL
    SELECT FALSE AS is_new, 'genres' AS field, CAST(bit_xor(hash(genre_id)) AS VARCHAR) AS value
    FROM old.movie_genres
    GROUP BY movie_id
    UNION ALL
    SELECT TRUE AS is_new, 'production_companies' AS field, CAST(bit_xor(hash(company_id)) AS VARCHAR) AS value
    FROM movie_companies
    GROUP BY movie_id
    UNION ALL
    SELECT FALSE AS is_new, 'production_companies' AS field, CAST(bit_xor(hash(company_id)) AS VARCHAR) AS value
    FROM old.movie_companies
    GROUP BY movie_id
    UNION ALL
    SELECT TRUE AS is_new, 'production_countries' AS field, CAST(bit_xor(hash(country_id)) AS VARCHAR) AS value
    FROM movie_countries
    GROUP BY movie_id
    UNION ALL
    SELECT FALSE AS is_new, 'production_countries' AS field, CAST(bit_xor(hash(country_id)) AS VARCHAR) AS value
    FROM old.movie_countries
    GROUP BY movie_id
),
counts AS (
    SELECT is_new, field, value, count(*) AS films
    FROM cells
    GROUP BY is_new, field, value
)
SELECT
    field,
    coalesce(max(films) FILTER (is_new), 0) AS alike,
    coalesce(sum(films) FILTER (is_new), 0) AS known,
    coalesce(max(films) FILTER (NOT is_new), 0) AS alike_before,
    coalesce(sum(films) FILTER (NOT is_new), 0) AS known_before
FROM counts
GROUP BY field
ORDER BY field;
