-- How were values read that are not the usual ones? One sentence each.
WITH forms AS (
    SELECT format('release_date is read as {}',
        CASE date_order WHEN 'dmy' THEN 'day, month, year' WHEN 'mdy' THEN 'month, day, year' ELSE 'year, month, day' END) AS decision
    FROM date_form
    WHERE ordered > 0 AND date_order IS NOT NULL
    UNION ALL
    SELECT 'years of two digits are read as 1930 to 2029'
    FROM read_dates
    WHERE release_date IS NOT NULL AND len(numbers[1]) <= 2 AND len(numbers[3]) = 2
    HAVING count(*) > 0
    UNION ALL
    SELECT 'release_date is read as serial days of Excel' FROM date_form WHERE has_serials
    UNION ALL
    SELECT 'release_date is read as milliseconds since 1970' FROM date_form WHERE has_milliseconds
    UNION ALL
    SELECT format('{:,} films have a year without a day', count(*)) FROM movies WHERE release_year IS NOT NULL
    HAVING count(*) > 0
    UNION ALL
    SELECT format('{} with a comma before the fraction',
        CASE kind WHEN 'money' THEN 'budget and revenue are read' ELSE kind || ' is read' END)
    FROM number_forms
    WHERE comma = 'fraction'
    UNION ALL
    SELECT format('{} is read as thousands, millions or billions, as its cells say', number_cells.field) AS decision
    FROM number_cells
    JOIN read_numbers ON read_numbers.field = number_cells.field AND read_numbers.text = number_cells.text
    WHERE times > 1
    GROUP BY number_cells.field
    UNION ALL
    SELECT format('{} with points between thousands',
        CASE kind WHEN 'money' THEN 'budget and revenue are read' ELSE kind || ' is read' END)
    FROM number_forms
    WHERE point = 'groups' AND kind IN ('money', 'vote_count')
)
SELECT decision FROM forms ORDER BY decision;
