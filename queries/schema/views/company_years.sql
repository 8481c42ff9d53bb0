-- What did each company release, cost and earn in each year? The same as movie-reports company.
CREATE VIEW company_years AS
SELECT
    company,
    year,
    count(*) AS releases,
    CAST(sum(budget) AS bigint) AS budget,
    CAST(sum(revenue) AS bigint) AS revenue,
    CASE WHEN count(profit) > 0 THEN CAST(sum(revenue) - sum(budget) AS bigint) END AS profit,
    CAST(CAST(avg(CAST(popularity AS decimal(28, 12))) AS decimal(28, 12)) AS double) AS popularity,
    count(profit) AS complete
FROM company_films
GROUP BY company, year
ORDER BY company, year NULLS LAST;
COMMENT ON VIEW company_years IS 'One row for each company and year, the same as movie-reports company.';
COMMENT ON COLUMN company_years.company IS 'Name of the production company.';
COMMENT ON COLUMN company_years.year IS 'Year of release; NULL for films without a date.';
COMMENT ON COLUMN company_years.releases IS 'Number of films.';
COMMENT ON COLUMN company_years.budget IS 'Sum of the known budgets in US dollars.';
COMMENT ON COLUMN company_years.revenue IS 'Sum of the known revenues in US dollars.';
COMMENT ON COLUMN company_years.profit IS 'Known revenue less known budget; NULL unless both are known of some film.';
COMMENT ON COLUMN company_years.popularity IS 'Mean TMDB popularity of the films.';
COMMENT ON COLUMN company_years.complete IS 'Number of films whose budget and revenue are both known.';
