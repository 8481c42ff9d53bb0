-- Which genres are there, and which is meant by $search? Case and accents do not count.
SELECT name, lower(strip_accents(name)) = lower(strip_accents($search)) AS is_meant
FROM genres
ORDER BY name;
