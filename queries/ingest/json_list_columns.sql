-- The names in the objects of a list in a JSON object.
SELECT DISTINCT json_keys(item) AS names
FROM (
    SELECT unnest(CAST(json -> $list AS JSON[])) AS item
    FROM read_json_objects($path, format = $format, maximum_object_size = $longest)
)
ORDER BY len(names) DESC, names;
