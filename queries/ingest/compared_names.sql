-- The companies of each film in the new database and in the old one, as find_different_names.sql compares them.
-- It is written for companies; the names of other tables take their places for other subjects.
CREATE OR REPLACE TEMP VIEW new_names AS
SELECT movie_id, name
FROM movie_companies
JOIN companies ON companies.id = company_id;

CREATE OR REPLACE TEMP VIEW old_names AS
SELECT movie_id, name
FROM old.movie_companies
JOIN old.companies ON companies.id = company_id;
