-- How popular was each genre in each year, and what did its films cost and earn?
--
-- $first_year, $last_year, $genre   limits, or NULL          $complete  films with both figures only
-- $total        add a row over all films, each counted once
-- $top, $top_by the highest so many of each year by one figure; equal values share a rank
--
-- A film with three genres counts in full for each of them. In each year the most popular genre stands first.
-- Figures as in company.sql.
WITH selected AS (
    SELECT
        genres.name AS genre,
        CAST(extract(year FROM movies.release_date) AS integer) AS year,
        movies.id,
        movies.budget,
        movies.revenue,
        movies.popularity
    FROM genres
    JOIN movie_genres ON movie_genres.genre_id = genres.id
    JOIN movies ON movies.id = movie_genres.movie_id
    WHERE ($genre IS NULL OR genres.name = $genre)
        AND ($first_year IS NULL OR extract(year FROM movies.release_date) >= $first_year)
        AND ($last_year IS NULL OR extract(year FROM movies.release_date) <= $last_year)
        AND (NOT $complete OR (movies.budget IS NOT NULL AND movies.revenue IS NOT NULL))
),
films AS (
    SELECT 0 AS is_total, genre, year, budget, revenue, popularity FROM selected
    UNION ALL
    SELECT 1 AS is_total, NULL AS genre, NULL AS year, budget, revenue, popularity
    FROM (SELECT DISTINCT id, budget, revenue, popularity FROM selected WHERE $total) AS each_once
),
figures AS (
    SELECT
        year,
        genre,
        round(CAST(sum(CAST(popularity AS decimal(28, 12))) AS double) / count(popularity), 12) AS popularity,
        CAST(sum(budget) AS bigint) AS budget,
        CAST(sum(revenue) AS bigint) AS revenue,
        CAST(
            CASE
                WHEN count(budget) + count(revenue) > 0 THEN coalesce(sum(revenue), 0) - coalesce(sum(budget), 0)
            END AS bigint
        ) AS profit,
        count(*) AS releases,
        count(budget + revenue) AS complete,
        avg(budget) AS mean_budget,
        avg(revenue) AS mean_revenue,
        avg(revenue - budget) AS mean_profit,
        count(budget) AS known_budgets,
        count(revenue) AS known_revenues,
        is_total
    FROM films
    GROUP BY is_total, genre, year
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
    SELECT *, rank() OVER (PARTITION BY is_total, year ORDER BY score DESC NULLS LAST) AS place
    FROM scored
)
SELECT
    year,
    genre,
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
FROM ranked
WHERE is_total = 1 OR $top IS NULL OR (place <= $top AND score IS NOT NULL)
ORDER BY is_total, year NULLS LAST, CASE WHEN $top IS NOT NULL THEN place END, popularity DESC NULLS LAST, genre;
