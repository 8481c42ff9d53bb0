-- Which genres begin with what was typed, whose folded form is $folded?
SELECT name
FROM genres
WHERE starts_with(name_folded, $folded)
ORDER BY name;
