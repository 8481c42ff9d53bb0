-- How were lists read that are not the usual ones? One sentence a column.
WITH forms AS (
    SELECT
        CASE
            WHEN separator = '-' THEN format('{} are names between hyphens', field)
            WHEN separator IS NOT NULL THEN format('{} are names between {}', field,
                CASE rtrim(separator, ' +') WHEN ',' THEN 'commas' WHEN ';' THEN 'semicolons' ELSE trim(separator) END)
            WHEN field = 'genres' AND EXISTS (
                FROM list_cells WHERE list_cells.field = 'genres' AND may_be_names AND regexp_matches(text, '[/\n]')
            ) THEN 'genres are names between slashes or line breaks'
            ELSE format('{} are single names', field)
        END AS decision
    FROM list_forms
    WHERE has_names
    UNION ALL
    SELECT format('names of {} are kept whole, although they may be several between hyphens', field)
    FROM list_forms
    WHERE has_names AND has_hyphens AND separator IS NULL
        AND (field = 'genres' OR EXISTS (FROM list_forms WHERE field = 'genres' AND separator = '-'))
)
SELECT decision FROM forms ORDER BY decision;
