-- The keys that the database file only documents, declared: PostgreSQL checks them once, after all rows are loaded.
ALTER TABLE movies ADD PRIMARY KEY (id);
ALTER TABLE movie_ratings ADD PRIMARY KEY (movie_id), ADD FOREIGN KEY (movie_id) REFERENCES movies;
ALTER TABLE ingest_files ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE unread_fields ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE rejects ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE changes ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
ALTER TABLE events ADD PRIMARY KEY (ingest_id, number), ADD FOREIGN KEY (ingest_id) REFERENCES ingests;
