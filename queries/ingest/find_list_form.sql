-- Are the lists of this batch literals, such as [{'id': 18, 'name': 'Drama'}], or names, such as Drama, Comedy?
-- NULL, if it contains none.
SELECT
    CASE
        WHEN bool_or(regexp_matches(fields[$genres], '^\s*\[\s*[{\]]')) THEN TRUE
        WHEN bool_or(regexp_matches(fields[$production_companies], '^\s*\[\s*[{\]]')) THEN TRUE
        WHEN bool_or(fields[$genres] <> '') THEN FALSE
    END AS has_literals
FROM raw;
