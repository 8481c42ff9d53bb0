-- Which companies may a person mean by $search? Case, accents, and the kind and number of blanks do not count.
-- The exact name stands first (rank 0), then the same name in other letters (1), names that begin with the words (2),
-- names in which each word begins one (3), and names that hold them anywhere (4); where there is none of these, names
-- that hold each of the words (5). Within each, whoever has the most films. Accents alone are in no name.
WITH wanted AS (
    SELECT search_folded, string_split(search_folded, ' ') AS search_words
    FROM (
        SELECT trim(regexp_replace(
            translate(lower(strip_accents($search)), 'łøđ', 'lod'), '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g'
        )) AS search_folded
    ) AS folded
),
folded AS (
    SELECT
        id,
        name,
        trim(regexp_replace(
            replace(replace(replace(lower(strip_accents(name)), 'ł', 'l'), 'ø', 'o'), 'đ', 'd'),  -- translate is slow
            '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g'
        )) AS name_folded
    FROM companies
),
holding AS (
    SELECT *, ' ' || regexp_replace(name_folded, '[^\p{L}\p{M}\p{N}]+', ' ', 'g') AS name_words
    FROM folded
    CROSS JOIN wanted
    WHERE list_bool_and(list_transform(search_words, lambda w: contains(name_folded, w)))
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
            WHEN list_bool_and(list_transform(search_words, lambda w: contains(name_words, ' ' || w))) THEN 3
            WHEN contains(name_folded, search_folded) THEN 4
            ELSE 5
        END AS match_rank
    FROM holding
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
WHERE matching.match_rank < 5 OR (matching.match_rank = 5 AND (SELECT min(match_rank) FROM matching) = 5)
GROUP BY matching.name, matching.match_rank
ORDER BY match_rank, films DESC, name;
