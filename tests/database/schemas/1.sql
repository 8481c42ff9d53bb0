-- The data model: what a movie-reports database holds, explained in the file itself by comments.
-- Foreign keys are told in comments and not declared: checking them took an eighth of an ingest, and their indexes a
-- quarter of the file. Money is in US dollars. In the sources a budget or revenue of 0 means "not known"; here that is NULL.

CREATE TABLE movies (
    id BIGINT PRIMARY KEY,
    imdb_id VARCHAR,
    title VARCHAR,
    original_title VARCHAR,
    original_language VARCHAR,
    overview VARCHAR,
    tagline VARCHAR,
    status VARCHAR,
    adult BOOLEAN,
    release_date DATE,
    runtime DOUBLE,
    budget BIGINT CHECK (budget > 0),
    revenue BIGINT CHECK (revenue > 0),
    popularity DOUBLE,
    vote_average DOUBLE,
    vote_count BIGINT
);
COMMENT ON TABLE movies IS 'One row a film.';
COMMENT ON COLUMN movies.id IS 'TMDB id of the film.';
COMMENT ON COLUMN movies.imdb_id IS 'IMDb id, such as tt0114709.';
COMMENT ON COLUMN movies.title IS 'Title, as TMDB shows it in English.';
COMMENT ON COLUMN movies.original_title IS 'Title in the original language.';
COMMENT ON COLUMN movies.original_language IS 'ISO 639-1 code of the original language.';
COMMENT ON COLUMN movies.overview IS 'Summary of the plot.';
COMMENT ON COLUMN movies.tagline IS 'Slogan of the film.';
COMMENT ON COLUMN movies.status IS 'Released, Rumored, Post Production, In Production, Planned or Canceled.';
COMMENT ON COLUMN movies.adult IS 'True for pornographic films.';
COMMENT ON COLUMN movies.release_date IS 'Day of the first release; NULL if unknown.';
COMMENT ON COLUMN movies.runtime IS 'Length in minutes.';
COMMENT ON COLUMN movies.budget IS 'Budget in US dollars; NULL if unknown.';
COMMENT ON COLUMN movies.revenue IS 'Revenue in US dollars; NULL if unknown.';
COMMENT ON COLUMN movies.popularity IS 'TMDB popularity, a figure without unit.';
COMMENT ON COLUMN movies.vote_average IS 'Mean of the TMDB votes, 0 to 10.';
COMMENT ON COLUMN movies.vote_count IS 'Number of TMDB votes.';

CREATE TABLE genres (
    id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,
    tmdb_ids BIGINT[] NOT NULL
);
COMMENT ON TABLE genres IS 'One row a genre name.';
COMMENT ON COLUMN genres.id IS 'Number of the genre in this file only.';
COMMENT ON COLUMN genres.name IS 'Name, exactly as in the source.';
COMMENT ON COLUMN genres.tmdb_ids IS 'TMDB ids that come with this name, ascending.';

CREATE TABLE companies (
    id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,
    tmdb_ids BIGINT[] NOT NULL
);
COMMENT ON TABLE companies IS 'One row a production company name; some names stand for several TMDB ids.';
COMMENT ON COLUMN companies.id IS 'Number of the company in this file only.';
COMMENT ON COLUMN companies.name IS 'Name, exactly as in the source.';
COMMENT ON COLUMN companies.tmdb_ids IS 'TMDB ids that come with this name, ascending.';

CREATE TABLE movie_genres (
    movie_id BIGINT NOT NULL,
    genre_id INTEGER NOT NULL,
    PRIMARY KEY (movie_id, genre_id)
);
COMMENT ON TABLE movie_genres IS 'Which film has which genres.';
COMMENT ON COLUMN movie_genres.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_genres.genre_id IS 'Its genre: genres.id.';

CREATE TABLE movie_companies (
    movie_id BIGINT NOT NULL,
    company_id INTEGER NOT NULL,
    PRIMARY KEY (movie_id, company_id)
);
COMMENT ON TABLE movie_companies IS 'Which film was produced by which companies; a co-production has several.';
COMMENT ON COLUMN movie_companies.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_companies.company_id IS 'Its company: companies.id.';

CREATE TABLE movie_ratings (
    movie_id BIGINT PRIMARY KEY,
    ratings BIGINT NOT NULL,
    mean_rating DOUBLE NOT NULL
);
COMMENT ON TABLE movie_ratings IS 'MovieLens ratings of each rated film, joined through the links file.';
COMMENT ON COLUMN movie_ratings.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_ratings.ratings IS 'Number of MovieLens ratings.';
COMMENT ON COLUMN movie_ratings.mean_rating IS 'Mean of the MovieLens ratings, 0.5 to 5.';

CREATE TABLE ingests (
    id INTEGER PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    source_sha256 VARCHAR NOT NULL,
    tool_version VARCHAR NOT NULL,
    engine_version VARCHAR NOT NULL,
    schema_version INTEGER NOT NULL,
    records BIGINT NOT NULL,
    movies BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    rejects BIGINT NOT NULL,
    repaired BIGINT NOT NULL,
    ratings BIGINT,
    ratings_matched BIGINT,
    ratings_unread BIGINT,
    CHECK (records = movies + duplicates + rejects)
);
COMMENT ON TABLE ingests IS 'The ledger: one row a run of ingest.';
COMMENT ON COLUMN ingests.id IS 'Number of the ingest.';
COMMENT ON COLUMN ingests.started_at IS 'Start, in UTC.';
COMMENT ON COLUMN ingests.finished_at IS 'End, in UTC.';
COMMENT ON COLUMN ingests.source IS 'The source as it was named.';
COMMENT ON COLUMN ingests.source_sha256 IS 'SHA-256 of the source, in hexadecimal.';
COMMENT ON COLUMN ingests.tool_version IS 'Version of movie-reports.';
COMMENT ON COLUMN ingests.engine_version IS 'Version of DuckDB.';
COMMENT ON COLUMN ingests.schema_version IS 'Version of this data model.';
COMMENT ON COLUMN ingests.records IS 'Records read: movies + duplicates + rejects.';
COMMENT ON COLUMN ingests.movies IS 'Films loaded.';
COMMENT ON COLUMN ingests.duplicates IS 'Records left out because their id came with more votes, or later.';
COMMENT ON COLUMN ingests.rejects IS 'Records that could not be loaded.';
COMMENT ON COLUMN ingests.repaired IS 'Records joined again after a line break had split them.';
COMMENT ON COLUMN ingests.ratings IS 'MovieLens ratings read; NULL if the source has none.';
COMMENT ON COLUMN ingests.ratings_matched IS 'Ratings that belong to a film loaded.';
COMMENT ON COLUMN ingests.ratings_unread IS 'Lines of the ratings file that could not be read.';

CREATE TABLE ingest_files (
    ingest_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('movies', 'ratings', 'links', 'ignored')),
    bytes BIGINT NOT NULL,
    PRIMARY KEY (ingest_id, name)
);
COMMENT ON TABLE ingest_files IS 'The files in the source of each ingest, and what they were used for.';
COMMENT ON COLUMN ingest_files.ingest_id IS 'The ingest: ingests.id.';
COMMENT ON COLUMN ingest_files.name IS 'Name of the file in the source.';
COMMENT ON COLUMN ingest_files.role IS 'What it was read as; ignored if no report needs it.';
COMMENT ON COLUMN ingest_files.bytes IS 'Its size in bytes, unpacked.';

CREATE TABLE unread_fields (
    ingest_id INTEGER NOT NULL,
    field VARCHAR NOT NULL,
    films BIGINT NOT NULL,
    example VARCHAR NOT NULL,
    PRIMARY KEY (ingest_id, field)
);
COMMENT ON TABLE unread_fields IS 'Fields whose text could not be read and that are NULL in movies, counted by column.';
COMMENT ON COLUMN unread_fields.ingest_id IS 'The ingest: ingests.id.';
COMMENT ON COLUMN unread_fields.field IS 'Name of the column.';
COMMENT ON COLUMN unread_fields.films IS 'Number of films.';
COMMENT ON COLUMN unread_fields.example IS 'One such text, at most 100 characters of it.';

CREATE TABLE rejects (
    ingest_id INTEGER NOT NULL,
    file VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    raw VARCHAR NOT NULL,
    PRIMARY KEY (ingest_id, file, line)
);
COMMENT ON TABLE rejects IS 'Records that could not be loaded.';
COMMENT ON COLUMN rejects.ingest_id IS 'The ingest: ingests.id.';
COMMENT ON COLUMN rejects.file IS 'Name of the file in the source.';
COMMENT ON COLUMN rejects.line IS 'Physical line on which the record begins; the first line is 1.';
COMMENT ON COLUMN rejects.reason IS 'Short code: id, fields, nul, quotes, encoding or size.';
COMMENT ON COLUMN rejects.message IS 'What is wrong, in words.';
COMMENT ON COLUMN rejects.raw IS 'The record as it stands in the file.';
