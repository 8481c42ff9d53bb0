-- Which companies match $search, whose folded form is $folded?
-- The exact name comes first (rank 0), then one that differs in case or accents only (1), names that begin with the
-- words (2), names in which each word begins one (3), and names that contain them anywhere (4); if there is none of
-- these, names that contain each of the words (5). Within a rank, the company with the most films comes first.
-- It is written for companies; the names of other tables take their places for other subjects.
WITH candidates AS (
    SELECT
        id,
        name,
        name_folded,
        ' ' || regexp_replace(name_folded, '[^\p{L}\p{M}\p{N}]+', ' ', 'g') AS words
    FROM companies
    WHERE list_bool_and(list_transform(string_split($folded, ' '), lambda word: contains(name_folded, word)))
),
ranked AS (
    SELECT
        id,
        name,
        CASE
            WHEN name = $search THEN 0
            WHEN $folded = '' THEN NULL
            WHEN name_folded = $folded THEN 1
            WHEN starts_with(name_folded, $folded) THEN 2
            WHEN list_bool_and(list_transform(string_split($folded, ' '), lambda word: contains(words, ' ' || word)))
                THEN 3
            WHEN contains(name_folded, $folded) THEN 4
            ELSE 5
        END AS match_rank
    FROM candidates
)
SELECT
    ranked.name,
    ranked.match_rank,
    count(*) AS films,
    min(film_facts.year) AS first_year,
    max(film_facts.year) AS last_year
FROM ranked
JOIN movie_companies ON movie_companies.company_id = ranked.id
JOIN film_facts ON film_facts.id = movie_companies.movie_id
WHERE ranked.match_rank < 5 OR (ranked.match_rank = 5 AND (SELECT min(match_rank) FROM ranked) = 5)
GROUP BY ranked.name, ranked.match_rank
ORDER BY match_rank, films DESC, name;
