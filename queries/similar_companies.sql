-- Which company names look most like $search, as a typing mistake would have it? People name the beginning of a long
-- name, or one word of it, so these are compared too; the fewer letters differ, the earlier. Of several words two
-- thirds are enough.
WITH folded AS (
    SELECT
        id,
        name,
        replace(replace(replace(lower(strip_accents(name)), 'ł', 'l'), 'ø', 'o'), 'đ', 'd') AS name_folded,
        translate(lower(strip_accents($search)), 'łøđ', 'lod') AS search_folded
    FROM companies
),
compared AS (
    SELECT
        id,
        name,
        list_min(list_transform(
            list_concat([name_folded, left(name_folded, length(search_folded))], string_split(name_folded, ' ')),
            lambda part: damerau_levenshtein(part, search_folded)
        )) AS letters,
        length(search_folded) AS length,
        len(list_intersect(string_split(name_folded, ' '), string_split(search_folded, ' '))) AS words,
        len(string_split(search_folded, ' ')) AS words_searched,
        jaro_winkler_similarity(left(name_folded, length(search_folded)), search_folded) AS similarity
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
WHERE compared.length > 0
    AND (
        compared.letters <= greatest(1, compared.length / 4)
        OR compared.similarity > 0.9
        OR (compared.words > 1 AND compared.words >= compared.words_searched * 2 / 3)
    )
GROUP BY compared.name, compared.letters, compared.similarity
ORDER BY compared.letters, films DESC, compared.name
LIMIT 5;
