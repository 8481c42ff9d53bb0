-- How popular was each genre in each period, and what did its films cost and earn? In each the most popular first.
--
-- $top  only the so many rows of the highest score in each period; equal ones share a rank. NULL for all.
SELECT
    year,
    period,
    name AS genre,
    popularity,
    budget,
    revenue,
    profit,
    releases,
    complete,
    mean_budget,
    mean_revenue,
    mean_profit,
    known_budgets,
    known_revenues,
    is_total
FROM (
    SELECT *, rank() OVER (PARTITION BY is_total, year, period ORDER BY score DESC NULLS LAST) AS place
    FROM figures
) AS ranked
WHERE is_total = 1 OR $top IS NULL OR (place <= $top AND score IS NOT NULL)
ORDER BY
    is_total,
    year NULLS LAST,
    period,
    CASE WHEN $top IS NOT NULL THEN place END,
    popularity DESC NULLS LAST,
    genre
