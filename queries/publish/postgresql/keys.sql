-- The keys that the database file only documents, declared: PostgreSQL checks them once, after all rows are loaded.
ALTER TABLE movies ADD PRIMARY KEY (id);
ALTER TABLE genres ADD PRIMARY KEY (id), ADD UNIQUE (name);
ALTER TABLE companies ADD PRIMARY KEY (id), ADD UNIQUE (name);
ALTER TABLE countries ADD PRIMARY KEY (id), ADD UNIQUE (name);
ALTER TABLE movie_genres
    ADD PRIMARY KEY (movie_id, genre_id),
    ADD FOREIGN KEY (movie_id) REFERENCES movies,
    ADD FOREIGN KEY (genre_id) REFERENCES genres;
ALTER TABLE movie_companies
    ADD PRIMARY KEY (movie_id, company_id),
    ADD FOREIGN KEY (movie_id) REFERENCES movies,
    ADD FOREIGN KEY (company_id) REFERENCES companies;
ALTER TABLE movie_countries
    ADD PRIMARY KEY (movie_id, country_id),
    ADD FOREIGN KEY (movie_id) REFERENCES movies,
    ADD FOREIGN KEY (country_id) REFERENCES countries;
ALTER TABLE movie_ratings ADD PRIMARY KEY (movie_id), ADD FOREIGN KEY (movie_id) REFERENCES movies;
ALTER TABLE ingest_files ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE unread_fields ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE rejects ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE changes ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE events ADD PRIMARY KEY (ingest_id, number), ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
CREATE INDEX ON movie_genres (genre_id);
CREATE INDEX ON movie_companies (company_id);
CREATE INDEX ON movie_countries (country_id);
