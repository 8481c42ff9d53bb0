-- Which genres begin with what was typed, $folded as names are?
SELECT name
FROM genres
WHERE starts_with(name_folded, $folded)
ORDER BY name;
