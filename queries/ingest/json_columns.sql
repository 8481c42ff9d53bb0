-- The names in the objects of a JSON file, which need not all have the same: once for each list of them that occurs.
SELECT DISTINCT json_keys(json) AS names
FROM read_json_objects($path, format = $format, maximum_object_size = $longest)
ORDER BY len(names) DESC, names;
