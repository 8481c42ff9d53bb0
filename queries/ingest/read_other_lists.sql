-- The other lists. What they mean is decided per column from all of its cells: most columns contain lists of objects, some
-- contain names between separators. For a stream ($is_fixed) the cells of a batch decide nothing, but $list_separator.
-- A list of which an item cannot be read has no items at all, and counts as unread.
CREATE OR REPLACE TEMP TABLE other_cells AS
WITH written AS (
    SELECT
        field,
        text,
        CASE
            WHEN field = 'belongs_to_collection' AND regexp_matches(text, '^\s*\{') THEN '[' || text || ']'
            WHEN regexp_matches(text, $$^\s*(?:[\[{('"]|c\()$$) THEN bracketed(text)
        END AS literal
    FROM list_cells
    WHERE items IS NULL
),
literals AS (
    SELECT *, python_literal(literal) AS list FROM written
)
SELECT
    field,
    text,
    CASE WHEN list IS NOT NULL THEN list_items(list) END AS items,
    CASE WHEN list IS NULL THEN may_be_names(text) ELSE FALSE END AS may_be_names
FROM literals;

UPDATE list_cells
SET items = other_cells.items, may_be_names = other_cells.may_be_names
FROM other_cells
WHERE other_cells.field = list_cells.field AND other_cells.text = list_cells.text;

-- How are names separated? They are expected only where they are no exception: among lists of objects, a single text is
-- damage. A few | or ; are enough, since names contain commas, but none of these.
CREATE OR REPLACE TEMP TABLE list_forms AS
WITH cells AS (
    SELECT field, sum(films) AS cells
    FROM list_cells
    WHERE NOT is_missing
    GROUP BY field
),
marks AS (
    SELECT
        field,
        films,
        contains(text, '|') AS has_pipe,
        contains(text, ';') AS has_semicolon,
        regexp_matches(text, '[^0-9],\S|,[^\s0-9]') AS has_comma,
        contains(text, ', ') AS has_spaced_comma,
        is_bracketed(text) AS has_brackets,
        len(split_at_hyphens(text)) > 1 AS has_hyphen,
        field = 'genres' AND len(split_at_hyphens(text)) > 1 AND are_genres(split_at_hyphens(text)) AS has_genres
    FROM list_cells
    WHERE may_be_names
),
counts AS (
    SELECT
        field,
        sum(films) AS names,
        coalesce(sum(films) FILTER (has_pipe), 0) AS pipes,
        coalesce(sum(films) FILTER (has_semicolon), 0) AS semicolons,
        coalesce(sum(films) FILTER (has_comma), 0) AS commas,
        coalesce(sum(films) FILTER (has_spaced_comma), 0) AS spaced_commas,
        coalesce(sum(films) FILTER (has_brackets), 0) AS brackets,
        coalesce(sum(films) FILTER (has_hyphen), 0) AS hyphens,
        coalesce(sum(films) FILTER (has_genres), 0) AS hyphened_genres
    FROM marks
    GROUP BY field
)
SELECT
    counts.field,
    CASE WHEN $is_fixed THEN $list_separator IS NOT NULL ELSE counts.names * 20 >= cells.cells END AS has_names,
    hyphens > 0 AS has_hyphens,
    NOT $is_fixed AND brackets * 2 >= counts.names AS has_brackets,
    CASE
        WHEN $is_fixed THEN $list_separator
        WHEN pipes > 0 AND pipes * 20 >= commas + spaced_commas THEN '|'
        WHEN semicolons > 0 AND semicolons * 20 >= commas + spaced_commas THEN ';'
        WHEN commas > 0 AND commas >= spaced_commas THEN ','
        WHEN spaced_commas > 0 AND commas * 20 >= spaced_commas THEN ',+'
        WHEN spaced_commas > 0 THEN ', '
        WHEN hyphened_genres > 0 AND hyphened_genres * 2 >= hyphens THEN '-'
    END AS separator
FROM counts
JOIN cells ON cells.field = counts.field;

UPDATE list_cells
SET items = listed_names(
    list_cells.field, without_brackets(text, list_forms.has_brackets), coalesce(list_forms.separator, ', ')
)
FROM list_forms
WHERE list_forms.field = list_cells.field AND list_forms.has_names AND may_be_names;
