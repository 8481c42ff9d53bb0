-- Which companies may a person mean by $search? Case, accents, and the kind and number of blanks do not count.
-- The exact name stands first (rank 0), then the same name in other letters (1), names that begin with the words (2),
-- and names that hold them (3); where there is none of these, names that hold each of the words (4). Within each,
-- whoever has the most films. Of accents alone nothing is left to be held.
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
            WHEN search_folded = '' THEN NULL
            WHEN name_folded = search_folded THEN 1
            WHEN starts_with(name_folded, search_folded) THEN 2
            WHEN contains(name_folded, search_folded) THEN 3
            WHEN list_bool_and(list_transform(string_split(search_folded, ' '), lambda w: contains(name_folded, w)))
                THEN 4
        END AS match_rank
    FROM folded
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
WHERE matching.match_rank < 4 OR (matching.match_rank = 4 AND (SELECT min(match_rank) FROM matching) = 4)
GROUP BY matching.name, matching.match_rank
ORDER BY match_rank, films DESC, name;
