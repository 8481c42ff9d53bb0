-- What did each production company release, spend and earn in each period?
--
-- $top  only the so many rows of the highest score; equal ones share a rank. NULL for all.
SELECT
    name AS company,
    year,
    period,
    releases,
    budget,
    revenue,
    profit,
    popularity,
    complete,
    mean_budget,
    mean_revenue,
    mean_profit,
    known_budgets,
    known_revenues,
    is_total
FROM (
    SELECT *, rank() OVER (PARTITION BY is_total ORDER BY score DESC NULLS LAST) AS place
    FROM figures
) AS ranked
WHERE is_total = 1 OR $top IS NULL OR (place <= $top AND score IS NOT NULL)
ORDER BY is_total, CASE WHEN $top IS NOT NULL THEN place END, company, year NULLS LAST, period
