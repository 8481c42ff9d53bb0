-- The objects of a list in a JSON object as CSV, as json_to_csv writes those of a file.
COPY (
    SELECT unnest(from_json(json -> $list, $structure), recursive := true)
    FROM read_json_objects($path, format = $format, maximum_object_size = $longest)
) TO $target (FORMAT csv, HEADER);
