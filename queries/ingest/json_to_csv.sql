-- A JSON file as CSV, each value as the text that it is there, so that no type is guessed.
COPY (
    FROM read_json(
        $path, format = $format, columns = $columns, auto_detect = false, maximum_object_size = $longest
    )
) TO $target (FORMAT csv, HEADER);
