-- How were the columns read, where that was not plain? One sentence each.
WITH forms AS (
    SELECT
        CASE
            WHEN separator = '-' THEN format('{} are names between hyphens', field)
            WHEN separator IS NOT NULL THEN format('{} are names between {}', field,
                CASE trim(separator) WHEN ',' THEN 'commas' WHEN ';' THEN 'semicolons' ELSE trim(separator) END)
            ELSE format('{} are single names', field)
        END AS decision
    FROM list_forms
    WHERE has_names
    UNION ALL
    SELECT format('names of {} are kept whole, although they may be several between hyphens', field)
    FROM list_forms
    WHERE has_names AND has_hyphens AND separator IS NULL
        AND (field = 'genres' OR EXISTS (FROM list_forms WHERE field = 'genres' AND separator = '-'))
    UNION ALL
    SELECT format('release_date is read as {}',
        CASE date_order WHEN 'dmy' THEN 'day, month, year' WHEN 'mdy' THEN 'month, day, year' ELSE 'year, month, day' END)
    FROM date_form
    WHERE ordered > 0 AND date_order IS NOT NULL
    UNION ALL
    SELECT 'years of two digits are read as 1930 to 2029'
    FROM read_dates
    WHERE release_date IS NOT NULL AND len(day_numbers(text)[1]) <= 2 AND len(day_numbers(text)[3]) = 2
    HAVING count(*) > 0
    UNION ALL
    SELECT 'release_date is read as serial days of Excel' FROM date_form WHERE has_serials
    UNION ALL
    SELECT 'release_date is read as milliseconds since 1970' FROM date_form WHERE has_milliseconds
    UNION ALL
    SELECT format('{:,} films have a year without a day', count(*)) FROM movies WHERE release_year IS NOT NULL
    HAVING count(*) > 0
    UNION ALL
    SELECT format('{} is read with a comma before the fraction',
        CASE kind WHEN 'money' THEN 'budget and revenue' ELSE kind END)
    FROM number_forms
    WHERE comma = 'fraction'
    UNION ALL
    SELECT format('{} is read with points between thousands',
        CASE kind WHEN 'money' THEN 'budget and revenue' ELSE kind END)
    FROM number_forms
    WHERE point = 'groups' AND kind IN ('money', 'vote_count')
)
SELECT decision FROM forms ORDER BY decision;
