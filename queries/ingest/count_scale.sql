-- How large is money usually, in the new database and in the old one?
SELECT
    (SELECT CAST(median(budget) AS BIGINT) FROM movies HAVING count(budget) >= 3) AS budget,
    (SELECT CAST(median(budget) AS BIGINT) FROM old.movies HAVING count(budget) >= 3) AS budget_before,
    (SELECT CAST(median(revenue) AS BIGINT) FROM movies HAVING count(revenue) >= 3) AS revenue,
    (SELECT CAST(median(revenue) AS BIGINT) FROM old.movies HAVING count(revenue) >= 3) AS revenue_before;
