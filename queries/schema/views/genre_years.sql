-- How popular was each genre in each year, and what did it cost and earn? The same as movie-reports genres.
CREATE VIEW genre_years AS
SELECT
    year,
    genre,
    CAST(CAST(avg(CAST(popularity AS decimal(28, 12))) AS decimal(28, 12)) AS double) AS popularity,
    CAST(sum(budget) AS bigint) AS budget,
    CAST(sum(revenue) AS bigint) AS revenue,
    CASE WHEN count(profit) > 0 THEN CAST(sum(revenue) - sum(budget) AS bigint) END AS profit,
    count(*) AS releases,
    count(profit) AS complete
FROM genre_films
GROUP BY year, genre
ORDER BY year NULLS LAST, popularity DESC NULLS LAST, genre;
COMMENT ON VIEW genre_years IS 'One row for each year and genre, the same as movie-reports genres.';
COMMENT ON COLUMN genre_years.year IS 'Year of release; NULL for films without a date.';
COMMENT ON COLUMN genre_years.genre IS 'Name of the genre.';
COMMENT ON COLUMN genre_years.popularity IS 'Mean TMDB popularity of the films.';
COMMENT ON COLUMN genre_years.budget IS 'Sum of the known budgets in US dollars.';
COMMENT ON COLUMN genre_years.revenue IS 'Sum of the known revenues in US dollars.';
COMMENT ON COLUMN genre_years.profit IS 'Known revenue less known budget; NULL unless both are known of some film.';
COMMENT ON COLUMN genre_years.releases IS 'Number of films.';
COMMENT ON COLUMN genre_years.complete IS 'Number of films whose budget and revenue are both known.';
