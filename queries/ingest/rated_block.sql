-- One part of the ratings file, in memory.
INSERT INTO rated_parts
SELECT "movieid", count(*), count(*) FILTER (isfinite("rating")), sum("rating") FILTER (isfinite("rating"))
FROM block
GROUP BY "movieid";
