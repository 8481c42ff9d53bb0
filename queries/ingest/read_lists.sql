-- The lists of genres, companies and so on that are as plain as most are. Each distinct text is read once.
CREATE OR REPLACE TEMP TABLE list_cells AS
WITH cells AS (
    UNPIVOT film_lists ON COLUMNS(* EXCLUDE movie_id) INTO NAME field VALUE text
),
texts AS (
    SELECT field, text, count(*) AS films FROM cells GROUP BY field, text
),
plain AS (
    SELECT field, text, films, CASE WHEN field = 'belongs_to_collection' THEN plain_object(text) ELSE plain_objects(text) END AS items FROM texts
),
missing AS (
    SELECT *, CASE WHEN items IS NULL THEN is_missing(text) ELSE FALSE END AS is_missing FROM plain
)
SELECT
    field,
    text,
    films,
    CASE WHEN is_missing OR text = '[]' THEN [] ELSE items END AS items,
    FALSE AS may_be_names,
    is_missing
FROM missing
UNION ALL
-- Those that were read already count, too.
SELECT field, NULL AS text, films, [] AS items, FALSE AS may_be_names, FALSE AS is_missing FROM plain_cells;

SELECT count(*) AS others FROM list_cells WHERE items IS NULL;
