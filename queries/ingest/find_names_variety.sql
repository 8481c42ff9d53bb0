-- How many films have the same companies, the most frequent ones in any order, in the new database and in the old one?
-- It is written for companies; the names of other tables take their places for other subjects.
WITH lists AS (
    SELECT TRUE AS is_new, bit_xor(hash(company_id)) AS names FROM movie_companies GROUP BY movie_id
    UNION ALL
    SELECT FALSE AS is_new, bit_xor(hash(company_id)) AS names FROM old.movie_companies GROUP BY movie_id
),
counts AS (
    SELECT is_new, names, count(*) AS films
    FROM lists
    GROUP BY is_new, names
)
SELECT
    'production_companies' AS field,
    coalesce(max(films) FILTER (is_new), 0) AS alike,
    coalesce(sum(films) FILTER (is_new), 0) AS known,
    coalesce(max(films) FILTER (NOT is_new), 0) AS alike_before,
    coalesce(sum(films) FILTER (NOT is_new), 0) AS known_before
FROM counts;
