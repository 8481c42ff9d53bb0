-- Are the lists of this file literals, such as [{'id': 18, 'name': 'Drama'}], or names, such as Drama, Comedy?
-- A file without any list is taken for one of literals.
SELECT
    coalesce(bool_or(starts_with(ltrim(fields[$genres]), '[') OR starts_with(ltrim(fields[$production_companies]), '[')), FALSE)
        OR NOT coalesce(bool_or(fields[$genres] <> ''), FALSE) AS has_literals
FROM raw;
