-- The companies of the old database are copied as they are, but folded again, since the rule may be newer than the
-- database. Links have the order of link_names.sql.
-- It is written for companies; the names of other tables take their places for other subjects.
INSERT INTO companies BY NAME SELECT id, name, folded(name) AS name_folded, tmdb_ids FROM old.companies;
CHECKPOINT;
INSERT INTO movie_companies BY NAME
SELECT *
FROM old.movie_companies
ORDER BY CASE WHEN NOT $has_few THEN company_id END, movie_id, company_id;
CHECKPOINT;
