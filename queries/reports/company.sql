-- What did each production company release, spend and earn in each year?
--
-- $companies    names of companies, or NULL for all          $label  one name for them together, or NULL
-- $first_year, $last_year, $genre   limits, or NULL          $complete  films with both figures only
-- $total        add a row over all films, each counted once
-- $top, $top_by the highest so many by one figure; equal values share a rank
--
-- A co-production counts in full for each of its companies. Sums run over known figures; profit is known revenue
-- less known budget. Means are over known figures, the mean profit over complete films. The mean popularity is summed
-- exactly and rounded, so that equal films tie. The known_ columns tell how many films each sum rests on.
WITH selected AS (
    SELECT DISTINCT
        coalesce(CAST($label AS varchar), companies.name) AS company,
        CAST(extract(year FROM movies.release_date) AS integer) AS year,
        movies.id,
        movies.budget,
        movies.revenue,
        movies.popularity
    FROM companies
    JOIN movie_companies ON movie_companies.company_id = companies.id
    JOIN movies ON movies.id = movie_companies.movie_id
    WHERE ($companies IS NULL OR companies.name IN (SELECT unnest(CAST($companies AS varchar[]))))
        AND ($first_year IS NULL OR extract(year FROM movies.release_date) >= $first_year)
        AND ($last_year IS NULL OR extract(year FROM movies.release_date) <= $last_year)
        AND (NOT $complete OR (movies.budget IS NOT NULL AND movies.revenue IS NOT NULL))
        AND ($genre IS NULL OR movies.id IN (
            SELECT movie_genres.movie_id
            FROM movie_genres
            JOIN genres ON genres.id = movie_genres.genre_id
            WHERE genres.name = $genre
        ))
),
films AS (
    SELECT 0 AS is_total, company, year, budget, revenue, popularity FROM selected
    UNION ALL
    SELECT 1 AS is_total, NULL AS company, NULL AS year, budget, revenue, popularity
    FROM (SELECT DISTINCT id, budget, revenue, popularity FROM selected WHERE $total) AS each_once
),
figures AS (
    SELECT
        company,
        year,
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
    GROUP BY is_total, company, year
),
scored AS (
    SELECT
        *,
        CASE $top_by
            WHEN 'releases' THEN releases
            WHEN 'budget' THEN budget
            WHEN 'revenue' THEN revenue
            WHEN 'profit' THEN profit
            WHEN 'mean_budget' THEN mean_budget
            WHEN 'mean_revenue' THEN mean_revenue
            WHEN 'mean_profit' THEN mean_profit
            ELSE popularity
        END AS score
    FROM figures
),
ranked AS (
    SELECT *, rank() OVER (PARTITION BY is_total ORDER BY score DESC NULLS LAST) AS place
    FROM scored
)
SELECT
    company,
    year,
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
FROM ranked
WHERE is_total = 1 OR $top IS NULL OR (place <= $top AND score IS NOT NULL)
ORDER BY is_total, CASE WHEN $top IS NOT NULL THEN place END, company, year NULLS LAST;
