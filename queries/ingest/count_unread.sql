-- In how many films can a column not be read? Of lists it also tells how many cells have one; of other columns, as a
-- negative number, how many cells only say that the value is missing.
WITH cells AS (
    SELECT field, sum(films) AS cells FROM list_cells WHERE NOT is_missing GROUP BY field
    UNION ALL
    SELECT field, -films AS cells FROM missing_cells
)
SELECT
    unread.field,
    unread.films,
    unread.example,
    coalesce(cells.cells, 0) AS cells,
    unread.field = 'release_date' AND (SELECT ordered > 0 AND date_order IS NULL FROM date_form) AS needs_order,
    (SELECT [day_first, month_first] FROM date_form WHERE day_first IS NOT NULL AND month_first IS NOT NULL) AS orders
FROM (
    SELECT field, count(*) AS films, min(text)[:100] AS example
    FROM unread_texts
    WHERE field <> 'links'
    GROUP BY field
) AS unread
LEFT JOIN cells ON cells.field = unread.field
ORDER BY unread.field;
