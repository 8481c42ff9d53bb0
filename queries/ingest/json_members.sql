-- The members of the object that a JSON file is, if it is only one: their names, the types of their values, and those of
-- the first items of lists.
WITH objects AS (
    SELECT json FROM read_json_objects($path, format = $format, maximum_object_size = $longest) LIMIT 2
),
members AS (
    SELECT unnest(json_keys(json)) AS name, json FROM objects WHERE (SELECT count(*) FROM objects) = 1
)
SELECT name, json_type(json -> name) AS type, json_type((json -> name) -> 0) AS item FROM members;
