WITH vote_scale AS (
    -- What does the weighted rating measure a film's votes against? m, the votes that carry weight, is the number that
    -- nine in ten of the films with votes stay below; C is the mean vote of those films.
    SELECT
        percentile_cont(0.9) WITHIN GROUP (ORDER BY vote_count) AS m,
        avg(vote_average) AS c
    FROM movies
    WHERE vote_count > 0
),
limited AS (
    -- Which films are within the limits, in which period was each released, and how popular is it?
    --
    -- $first_year, $last_year     limits, or NULL             $complete    films with both figures only
    -- $first_month, $last_month   limits, or NULL; 11 and 2 stand for November to February
    -- $undated                    films without a date only
    -- $genres, $no_genre          names of genres of which a film must have one, or NULL; films without a genre (too)
    -- $by          year, quarter, month, decade or all: the period is its first year, and a text within that
    -- $popularity  popularity, votes, vote-average, weighted, ratings or ratings-mean; without votes the second, third and
    --              fourth are unknown. The weighted rating is IMDb's (v * R + m * C) / (v + m).
    SELECT
        films.id,
        CASE 'year'
            WHEN 'all' THEN NULL
            WHEN 'decade' THEN films.release_year - films.release_year % 10
            ELSE films.release_year
        END AS year,
        CASE 'year'
            WHEN 'quarter' THEN lpad(CAST(films.release_year AS varchar), 4, '0') || '-Q' || films.release_quarter
            WHEN 'month' THEN lpad(CAST(films.release_year AS varchar), 4, '0')
                || '-' || lpad(CAST(films.release_month AS varchar), 2, '0')
        END AS period,
        films.budget,
        films.revenue,
        CASE 'popularity'
            WHEN 'votes' THEN films.votes
            WHEN 'vote-average' THEN films.vote
            WHEN 'weighted' THEN
                (films.votes * films.vote + vote_scale.m * vote_scale.c) / (films.votes + vote_scale.m)
            WHEN 'ratings' THEN movie_ratings.ratings
            WHEN 'ratings-mean' THEN movie_ratings.mean_rating
            ELSE films.popularity
        END AS popularity
    FROM (
        SELECT
            *,
            CAST(extract(year FROM release_date) AS integer) AS release_year,
            CAST(extract(quarter FROM release_date) AS varchar) AS release_quarter,
            CAST(extract(month FROM release_date) AS integer) AS release_month,
            nullif(vote_count, 0) AS votes,
            CASE WHEN vote_count > 0 THEN vote_average END AS vote
        FROM movies
    ) AS films
    CROSS JOIN vote_scale
    LEFT JOIN movie_ratings ON movie_ratings.movie_id = films.id
    WHERE (1994 IS NULL OR films.release_year >= 1994)
        AND (1995 IS NULL OR films.release_year <= 1995)
        AND (
            NULL IS NULL
            OR films.release_month BETWEEN NULL AND NULL
            OR (NULL > NULL AND NOT films.release_month BETWEEN NULL + 1 AND NULL - 1)
        )
        AND (NOT false OR (films.budget IS NOT NULL AND films.revenue IS NOT NULL))
        AND (NOT false OR films.release_date IS NULL)
        AND (
            (NULL IS NULL AND NOT false)
            OR (false AND films.id NOT IN (SELECT movie_genres.movie_id FROM movie_genres))
            OR films.id IN (
                SELECT movie_genres.movie_id
                FROM movie_genres
                JOIN genres ON genres.id = movie_genres.genre_id
                WHERE genres.name IN (SELECT unnest(CAST(NULL AS varchar[])))
            )
        )
),
members AS (
    -- Which of the films are of each genre? A film with three genres counts in full for each of them.
    --
    -- $genres  names of genres, or NULL for all
    SELECT
        genres.name,
        limited.id,
        limited.year,
        limited.period,
        limited.budget,
        limited.revenue,
        limited.popularity
    FROM limited
    JOIN movie_genres ON movie_genres.movie_id = limited.id
    JOIN genres ON genres.id = movie_genres.genre_id
    WHERE NULL IS NULL OR genres.name IN (SELECT unnest(CAST(NULL AS varchar[])))
),
figures AS (
    -- What did the films of each name cost and earn in each period, and how popular were they?
    --
    -- $total      add a row over all films, each counted once
    -- $min_films  leave out groups of fewer films
    -- $top_by     the figure that is the score of a row
    --
    -- Sums run over known figures; profit is known revenue less known budget. Means are over known figures, the mean
    -- profit over complete films. The mean popularity is summed exactly and rounded, so that equal films tie. The known_
    -- columns tell how many films each sum rests on.
    WITH films AS (
        SELECT 0 AS is_total, name, year, period, budget, revenue, popularity FROM members
        UNION ALL
        SELECT 1 AS is_total, NULL AS name, NULL AS year, NULL AS period, budget, revenue, popularity
        FROM (SELECT DISTINCT id, budget, revenue, popularity FROM members WHERE false) AS each_once
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
        HAVING is_total = 1 OR count(*) >= 1
    )
    SELECT
        *,
        CASE 'popularity'
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
),
report AS (
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
    WHERE is_total = 1 OR NULL IS NULL OR (place <= NULL AND score IS NOT NULL)
    ORDER BY
        is_total,
        year NULLS LAST,
        period,
        CASE WHEN NULL IS NOT NULL THEN place END,
        popularity DESC NULLS LAST,
        genre
)
SELECT year, genre, popularity, budget, revenue, profit, releases, complete
FROM report;
