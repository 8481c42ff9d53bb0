-- Are the lists of this file literals, such as [{'id': 18, 'name': 'Drama'}], or names, such as Drama, Comedy?
-- A file without any list is taken for one of literals.
SELECT
    coalesce(bool_or(regexp_matches(fields[$genres], '^\s*\[\s*[{\]]')), FALSE)
        OR coalesce(bool_or(regexp_matches(fields[$production_companies], '^\s*\[\s*[{\]]')), FALSE)
        OR NOT coalesce(bool_or(fields[$genres] <> ''), FALSE) AS has_literals
FROM raw;
