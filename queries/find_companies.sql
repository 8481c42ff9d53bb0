-- Which companies may a person mean by $search? Case, accents, and the kind and number of blanks do not count.
-- The exact name stands first (rank 0), then the same name in other letters (1), names that begin with the
-- words (2), and names that hold them (3); within each, whoever has the most films.
WITH folded AS (
    SELECT
        id,
        name,
        trim(regexp_replace(lower(strip_accents(name)), '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g')) AS name_folded,
        trim(regexp_replace(lower(strip_accents($search)), '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g')) AS search_folded
    FROM companies
),
matching AS (
    SELECT
        id,
        name,
        CASE
            WHEN name = $search THEN 0
            WHEN name_folded = search_folded THEN 1
            WHEN starts_with(name_folded, search_folded) THEN 2
            ELSE 3
        END AS match_rank
    FROM folded
    WHERE contains(name_folded, search_folded)
)
SELECT
    matching.name,
    matching.match_rank,
    count(*) AS films,
    CAST(min(extract(year FROM movies.release_date)) AS integer) AS first_year,
    CAST(max(extract(year FROM movies.release_date)) AS integer) AS last_year
FROM matching
JOIN movie_companies ON movie_companies.company_id = matching.id
JOIN movies ON movies.id = movie_companies.movie_id
GROUP BY matching.name, matching.match_rank
ORDER BY match_rank, films DESC, name;
