-- How does a figure of each name compare with all films of its period, with the period before, and with other names?
-- One comparison per line. A report has its own names, periods and figure in the place of the innermost ones here, and
-- for each period a number that is one more than that of the period before.
SELECT
    CASE WHEN whole > 0 THEN CAST(figure AS double) / whole END AS share,
    CASE WHEN previous_number = number - 1 AND previous > 0 THEN CAST(figure AS double) / previous - 1 END AS growth,
    CASE WHEN figure IS NOT NULL THEN place END AS rank
FROM (
    SELECT
        figures.*,
        lag(figure) OVER (PARTITION BY name ORDER BY number NULLS LAST) AS previous,
        lag(number) OVER (PARTITION BY name ORDER BY number NULLS LAST) AS previous_number,
        rank() OVER (PARTITION BY number ORDER BY figure DESC NULLS LAST) AS place
    FROM (
        SELECT company AS name, company_years.year AS number, revenue AS figure, whole
        FROM company_years
        JOIN (
            SELECT year, sum(revenue) AS whole
            FROM film_facts
            GROUP BY year
        ) AS wholes ON coalesce(wholes.year, -1) = coalesce(company_years.year, -1)
    ) AS figures
) AS compared
