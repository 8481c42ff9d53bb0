-- The keys of companies, and of which film has which, as keys.sql declares the others.
-- It is written for companies; the names of other tables take their places for other subjects.
ALTER TABLE companies ADD PRIMARY KEY (id), ADD UNIQUE (name);
ALTER TABLE movie_companies
    ADD PRIMARY KEY (movie_id, company_id),
    ADD FOREIGN KEY (movie_id) REFERENCES movies,
    ADD FOREIGN KEY (company_id) REFERENCES companies;
CREATE INDEX ON movie_companies (company_id);
