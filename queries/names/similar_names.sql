-- Which company names are most similar to the words searched, whose folded form is $folded?
-- People type the beginning of a long name, or one word of it, so these are compared too; the fewer characters differ,
-- the earlier the name comes. Of several words, two thirds are enough.
-- It is written for companies; the names of other tables take their places for other subjects.
WITH compared AS (
    SELECT
        id,
        name,
        list_min(list_transform(
            list_concat([name_folded, left(name_folded, length($folded))], string_split(name_folded, ' ')),
            lambda part: damerau_levenshtein(part, $folded)
        )) AS differences,
        len(list_intersect(string_split(name_folded, ' '), string_split($folded, ' '))) AS words,
        jaro_winkler_similarity(left(name_folded, length($folded)), $folded) AS similarity
    FROM companies
)
SELECT
    compared.name,
    count(*) AS films,
    min(film_facts.year) AS first_year,
    max(film_facts.year) AS last_year
FROM compared
JOIN movie_companies ON movie_companies.company_id = compared.id
JOIN film_facts ON film_facts.id = movie_companies.movie_id
WHERE $folded <> ''
    AND (
        compared.differences <= greatest(1, length($folded) / 4)
        OR compared.similarity > 0.9
        OR (compared.words > 1 AND compared.words >= len(string_split($folded, ' ')) * 2 / 3)
    )
GROUP BY compared.name, compared.differences, compared.similarity
ORDER BY compared.differences, films DESC, compared.name
LIMIT 5;
