-- What did films cost and earn, and how popular were they? One figure per line.
-- Run alone, this file covers all films together. A report takes the lines that it shows, for each name and period.
-- Sums run over what is known; a profit needs a film of which both figures are known. Means are over what is
-- known. The popularity is summed exactly and rounded, so that equal films tie;
-- a decimal is rounded the same way in every version of the engine, round() is not.
SELECT
    count(*) AS releases,
    CAST(sum(budget) AS bigint) AS budget,
    CAST(sum(revenue) AS bigint) AS revenue,
    CASE WHEN count(profit) > 0 THEN CAST(sum(revenue) - sum(budget) AS bigint) END AS profit,
    CAST(CAST(avg(CAST(popularity AS decimal(28, 12))) AS decimal(28, 12)) AS double) AS popularity,
    CAST(sum(profit) AS double) / nullif(sum(CASE WHEN profit IS NOT NULL THEN budget END), 0) AS roi,
    CAST(sum(CASE WHEN profit IS NOT NULL THEN revenue END) AS double) / nullif(sum(CASE WHEN profit IS NOT NULL THEN budget END), 0) AS multiple,
    CAST(sum(profit) AS double) / nullif(sum(CASE WHEN profit IS NOT NULL THEN revenue END), 0) AS margin,
    CAST(CAST(avg(CAST(runtime AS decimal(28, 12))) AS decimal(28, 12)) AS double) AS runtime,
    CAST(CAST(avg(CAST(vote_average AS decimal(28, 12))) AS decimal(28, 12)) AS double) AS vote_average,
    count(profit) AS complete,
    avg(budget) AS mean_budget,
    avg(revenue) AS mean_revenue,
    avg(profit) AS mean_profit,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY budget) AS median_budget,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY revenue) AS median_revenue,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY profit) AS median_profit,
    count(budget) AS known_budgets,
    count(revenue) AS known_revenues,
    count(*) AS films,
    min(year) AS first_year,
    max(year) AS last_year
FROM film_facts
