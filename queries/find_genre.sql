-- Which genres are there, and which is meant by $search? Case and accents do not count. The most similar stand first.
SELECT
    name,
    lower(strip_accents(name)) = lower(strip_accents($search)) AS is_meant,
    jaro_winkler_similarity(lower(strip_accents(name)), lower(strip_accents($search))) > 0.8 AS is_similar
FROM genres
ORDER BY jaro_winkler_similarity(lower(strip_accents(name)), lower(strip_accents($search))) DESC, name;
