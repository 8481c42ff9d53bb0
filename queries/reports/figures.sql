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
    count(profit) AS complete,
    avg(budget) AS mean_budget,
    avg(revenue) AS mean_revenue,
    avg(profit) AS mean_profit,
    count(budget) AS known_budgets,
    count(revenue) AS known_revenues,
    count(*) AS films,
    min(year) AS first_year,
    max(year) AS last_year
FROM film_facts
