-- What did the films of each name cost and earn in each period, and how popular were they?
--
-- $total      add a row over all films, each counted once
-- $min_films  leave out groups of fewer films
-- $top_by     the figure that is the score of a row; $sign is -1 where the lowest are wanted, else 1
--
-- Sums run over known figures; profit is known revenue less known budget. Means are over known figures, the mean
-- profit over complete films. The mean popularity is summed exactly and rounded, so that equal films tie. The known_
-- columns tell how many films each sum rests on.
WITH films AS (
    SELECT 0 AS is_total, name, year, period, budget, revenue, popularity FROM members
    UNION ALL
    SELECT 1 AS is_total, NULL AS name, NULL AS year, NULL AS period, budget, revenue, popularity
    FROM (SELECT DISTINCT id, budget, revenue, popularity FROM members WHERE $total) AS each_once
),
grouped AS (
    SELECT
        name,
        year,
        period,
        count(*) AS releases,
        CAST(sum(budget) AS bigint) AS budget,
        CAST(sum(revenue) AS bigint) AS revenue,
        CAST(
            CASE
                WHEN count(budget) + count(revenue) > 0 THEN coalesce(sum(revenue), 0) - coalesce(sum(budget), 0)
            END AS bigint
        ) AS profit,
        round(CAST(sum(CAST(popularity AS decimal(28, 12))) AS double) / count(popularity), 12) AS popularity,
        count(budget + revenue) AS complete,
        avg(budget) AS mean_budget,
        avg(revenue) AS mean_revenue,
        avg(revenue - budget) AS mean_profit,
        count(budget) AS known_budgets,
        count(revenue) AS known_revenues,
        is_total
    FROM films
    GROUP BY is_total, name, year, period
    HAVING is_total = 1 OR count(*) >= $min_films
)
SELECT
    *,
    $sign * CASE $top_by
        WHEN 'releases' THEN releases
        WHEN 'budget' THEN budget
        WHEN 'revenue' THEN revenue
        WHEN 'profit' THEN profit
        WHEN 'mean_budget' THEN mean_budget
        WHEN 'mean_revenue' THEN mean_revenue
        WHEN 'mean_profit' THEN mean_profit
        ELSE popularity
    END AS score
FROM grouped
