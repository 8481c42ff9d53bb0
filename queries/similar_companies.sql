-- Which company names look most like $search, as a slip of the pen would have it?
-- People name the beginning of a long name, so that is compared too.
WITH folded AS (
    SELECT id, name, lower(strip_accents(name)) AS name_folded, lower(strip_accents($search)) AS search_folded
    FROM companies
),
compared AS (
    SELECT
        id,
        name,
        greatest(
            jaro_winkler_similarity(name_folded, search_folded),
            jaro_winkler_similarity(left(name_folded, length(search_folded)), search_folded)
        ) AS similarity
    FROM folded
)
SELECT
    compared.name,
    count(*) AS films,
    CAST(min(extract(year FROM movies.release_date)) AS integer) AS first_year,
    CAST(max(extract(year FROM movies.release_date)) AS integer) AS last_year
FROM compared
JOIN movie_companies ON movie_companies.company_id = compared.id
JOIN movies ON movies.id = movie_companies.movie_id
WHERE compared.similarity > 0.85
GROUP BY compared.name, compared.similarity
ORDER BY compared.similarity DESC, films DESC, compared.name
LIMIT 5;
