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
    WHERE (NULL IS NULL OR films.release_year >= NULL)
        AND (NULL IS NULL OR films.release_year <= NULL)
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
    -- Which of the films did each production company release? A co-production counts in full for each of its companies.
    --
    -- $companies  names of companies, or NULL for all          $label  one name for them together, or NULL
    SELECT DISTINCT
        coalesce(CAST(NULL AS varchar), companies.name) AS name,
        limited.id,
        limited.year,
        limited.period,
        limited.budget,
        limited.revenue,
        limited.popularity
    FROM limited
    JOIN movie_companies ON movie_companies.movie_id = limited.id
    JOIN companies ON companies.id = movie_companies.company_id
    WHERE ['Pixar Animation Studios'] IS NULL OR companies.name IN (SELECT unnest(CAST(['Pixar Animation Studios'] AS varchar[])))
),
report AS (
    -- How many films of each genre did each production company release in each period?
    --
    -- $genres, $no_genre  names of genres, or NULL for all; the row of films without a genre (too)
    -- $total   add a row per genre over all periods, and one over all films, each counted once
    --
    -- A film with three genres counts in three rows; films is the number of distinct films of that company and period.
    -- Films without a genre stand in a row of their own, whose genre is NULL.
    WITH films AS (
        SELECT 0 AS is_total, name AS company, year, period, id FROM members
        UNION ALL
        SELECT DISTINCT 1 AS is_total, NULL AS company, NULL AS year, NULL AS period, id
        FROM members
        WHERE false
    ),
    film_genres AS (
        SELECT films.is_total, films.company, films.year, films.period, films.id, genres.name AS genre
        FROM films
        LEFT JOIN movie_genres ON movie_genres.movie_id = films.id
        LEFT JOIN genres ON genres.id = movie_genres.genre_id
        WHERE (NULL IS NULL AND NOT false)
            OR (false AND genres.name IS NULL)
            OR genres.name IN (SELECT unnest(CAST(NULL AS varchar[])))
    ),
    counts AS (
        SELECT is_total, company, year, period, count(DISTINCT id) AS films
        FROM film_genres
        GROUP BY is_total, company, year, period
    )
    SELECT
        film_genres.company,
        film_genres.year,
        film_genres.period,
        film_genres.genre,
        count(*) AS releases,
        counts.films,
        film_genres.is_total
    FROM film_genres
    JOIN counts
        ON counts.is_total = film_genres.is_total
        AND counts.company IS NOT DISTINCT FROM film_genres.company
        AND counts.year IS NOT DISTINCT FROM film_genres.year
        AND counts.period IS NOT DISTINCT FROM film_genres.period
    GROUP BY
        film_genres.is_total,
        film_genres.company,
        film_genres.year,
        film_genres.period,
        film_genres.genre,
        counts.films
    ORDER BY
        film_genres.is_total,
        film_genres.company,
        film_genres.year NULLS LAST,
        film_genres.period,
        film_genres.genre NULLS LAST
)
SELECT company, year, genre, releases, films
FROM report;
