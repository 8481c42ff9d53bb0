-- Which genres begin with $beginning? Case and accents do not count.
SELECT name
FROM genres
WHERE starts_with(lower(strip_accents(name)), lower(strip_accents($beginning)))
ORDER BY name;
