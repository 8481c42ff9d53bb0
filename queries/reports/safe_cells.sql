-- The cells of a CSV file, with an apostrophe before each text that a spreadsheet would take for a formula, since it
-- begins with =, +, -, @, their wide forms, a tab or a line break. Figures and dates are unchanged.
SELECT
    CASE
        WHEN typeof(COLUMNS(*)) = 'VARCHAR' AND regexp_matches(CAST(COLUMNS(*) AS varchar), '^[-=+@＝＋－＠\t\r\n]')
            THEN '''' || CAST(COLUMNS(*) AS varchar)
        ELSE CAST(COLUMNS(*) AS varchar)
    END
FROM cells
