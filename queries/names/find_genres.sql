-- Which genres are there, and which of them match the words searched, whose folded form is $folded?
-- The most similar come first.
SELECT
    name,
    name_folded = $folded AS is_meant,
    contains(name_folded, $folded) AS contains_words,
    jaro_winkler_similarity(name_folded, $folded) > 0.8 AS is_similar
FROM genres
ORDER BY jaro_winkler_similarity(name_folded, $folded) DESC, name;
