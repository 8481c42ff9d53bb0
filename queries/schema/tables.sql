-- The data model: what a movie-reports database contains, explained in the file itself by comments.
-- Foreign keys, and the keys of films, names and links, are documented in comments and checked by each ingest, not
-- declared: their indexes took a fifth of an ingest and half of the file. Money is in US dollars. A budget or revenue of
-- 0 means "not known" in the sources, and is NULL here.

CREATE TABLE movies (
    id BIGINT NOT NULL,
    imdb_id VARCHAR,
    title VARCHAR,
    original_title VARCHAR,
    original_language VARCHAR,
    overview VARCHAR USING COMPRESSION zstd,
    tagline VARCHAR USING COMPRESSION zstd,
    status VARCHAR,
    adult BOOLEAN,
    release_date DATE,
    release_year INTEGER,
    runtime DOUBLE,
    budget BIGINT CHECK (budget > 0),
    revenue BIGINT CHECK (revenue > 0),
    popularity DOUBLE,
    vote_average DOUBLE,
    vote_count BIGINT
);
COMMENT ON TABLE movies IS 'One row a film.';
COMMENT ON COLUMN movies.id IS 'TMDB id: unique.';
COMMENT ON COLUMN movies.imdb_id IS 'IMDb id, such as tt0114709.';
COMMENT ON COLUMN movies.title IS 'Title, as TMDB shows it in English.';
COMMENT ON COLUMN movies.original_title IS 'Title in the original language.';
COMMENT ON COLUMN movies.original_language IS 'ISO 639-1 code of the original language.';
COMMENT ON COLUMN movies.overview IS 'Summary of the plot.';
COMMENT ON COLUMN movies.tagline IS 'Slogan of the film.';
COMMENT ON COLUMN movies.status IS 'Released, Rumored, Post Production, In Production, Planned or Canceled.';
COMMENT ON COLUMN movies.adult IS 'True for pornographic films.';
COMMENT ON COLUMN movies.release_date IS 'Day of the first release; NULL if unknown.';
COMMENT ON COLUMN movies.release_year IS 'Year of the first release, where the source tells no day; else NULL.';
COMMENT ON COLUMN movies.runtime IS 'Length in minutes.';
COMMENT ON COLUMN movies.budget IS 'Budget in US dollars; NULL if unknown.';
COMMENT ON COLUMN movies.revenue IS 'Revenue in US dollars; NULL if unknown.';
COMMENT ON COLUMN movies.popularity IS 'TMDB popularity, a figure without unit.';
COMMENT ON COLUMN movies.vote_average IS 'Mean of the TMDB votes, 0 to 10.';
COMMENT ON COLUMN movies.vote_count IS 'Number of TMDB votes.';

CREATE TABLE genres (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    name_folded VARCHAR NOT NULL,
    tmdb_ids BIGINT[] NOT NULL
);
COMMENT ON TABLE genres IS 'One row a genre name.';
COMMENT ON COLUMN genres.id IS 'Number in this file only: unique.';
COMMENT ON COLUMN genres.name IS 'Name as in the source: unique.';
COMMENT ON COLUMN genres.name_folded IS 'Name in lower case and without accents, with single blanks: how it is searched.';
COMMENT ON COLUMN genres.tmdb_ids IS 'TMDB ids that come with this name, ascending.';

CREATE TABLE companies (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    name_folded VARCHAR NOT NULL,
    tmdb_ids BIGINT[] NOT NULL
);
COMMENT ON TABLE companies IS 'One row a production company name; some names stand for several TMDB ids.';
COMMENT ON COLUMN companies.id IS 'Number in this file only: unique.';
COMMENT ON COLUMN companies.name IS 'Name as in the source: unique.';
COMMENT ON COLUMN companies.name_folded IS 'Name in lower case and without accents, with single blanks: how it is searched.';
COMMENT ON COLUMN companies.tmdb_ids IS 'TMDB ids that come with this name, ascending.';

CREATE TABLE countries (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    name_folded VARCHAR NOT NULL,
    codes VARCHAR[] NOT NULL
);
COMMENT ON TABLE countries IS 'One row a name of a production country; empty if the source has no production countries.';
COMMENT ON COLUMN countries.id IS 'Number in this file only: unique.';
COMMENT ON COLUMN countries.name IS 'Name as in the source: unique.';
COMMENT ON COLUMN countries.name_folded IS 'Name in lower case and without accents, with single blanks: how it is searched.';
COMMENT ON COLUMN countries.codes IS 'ISO 3166-1 codes that come with this name, ascending; nearly always one.';

CREATE TABLE collections (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    name_folded VARCHAR NOT NULL,
    tmdb_ids BIGINT[] NOT NULL
);
COMMENT ON TABLE collections IS 'One row a name of a collection, such as Toy Story Collection; empty if the source has none.';
COMMENT ON COLUMN collections.id IS 'Number in this file only: unique.';
COMMENT ON COLUMN collections.name IS 'Name as in the source: unique.';
COMMENT ON COLUMN collections.name_folded IS 'Name in lower case and without accents, with single blanks: how it is searched.';
COMMENT ON COLUMN collections.tmdb_ids IS 'TMDB ids that come with this name, ascending.';

CREATE TABLE keywords (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    name_folded VARCHAR NOT NULL,
    tmdb_ids BIGINT[] NOT NULL
);
COMMENT ON TABLE keywords IS 'One row a keyword; empty unless they were loaded with ingest --with keywords.';
COMMENT ON COLUMN keywords.id IS 'Number in this file only: unique.';
COMMENT ON COLUMN keywords.name IS 'Name as in the source: unique.';
COMMENT ON COLUMN keywords.name_folded IS 'Name in lower case and without accents, with single blanks: how it is searched.';
COMMENT ON COLUMN keywords.tmdb_ids IS 'TMDB ids that come with this name, ascending.';

CREATE TABLE people (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    name_folded VARCHAR NOT NULL,
    tmdb_ids BIGINT[] NOT NULL
);
COMMENT ON TABLE people IS 'One row a name of directors, writers and actors; empty unless they were loaded with ingest --with people.';
COMMENT ON COLUMN people.id IS 'Number in this file only: unique.';
COMMENT ON COLUMN people.name IS 'Name as in the source: unique; several people may have it.';
COMMENT ON COLUMN people.name_folded IS 'Name in lower case and without accents, with single blanks: how it is searched.';
COMMENT ON COLUMN people.tmdb_ids IS 'TMDB ids that come with this name, ascending.';

CREATE TABLE movie_genres (
    movie_id BIGINT NOT NULL,
    genre_id INTEGER NOT NULL
);
COMMENT ON TABLE movie_genres IS 'Which film has which genres; each pair comes once.';
COMMENT ON COLUMN movie_genres.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_genres.genre_id IS 'Its genre: genres.id.';

CREATE TABLE movie_companies (
    movie_id BIGINT NOT NULL,
    company_id INTEGER NOT NULL
);
COMMENT ON TABLE movie_companies IS 'Which film was produced by which companies: several for a co-production, each once.';
COMMENT ON COLUMN movie_companies.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_companies.company_id IS 'Its company: companies.id.';

CREATE TABLE movie_countries (
    movie_id BIGINT NOT NULL,
    country_id INTEGER NOT NULL
);
COMMENT ON TABLE movie_countries IS 'Which film was produced in which countries: several for a co-production, each once.';
COMMENT ON COLUMN movie_countries.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_countries.country_id IS 'Its country: countries.id.';

CREATE TABLE movie_collections (
    movie_id BIGINT NOT NULL,
    collection_id INTEGER NOT NULL
);
COMMENT ON TABLE movie_collections IS 'Which film is part of which collection: nearly always one, if any.';
COMMENT ON COLUMN movie_collections.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_collections.collection_id IS 'Its collection: collections.id.';

CREATE TABLE movie_keywords (
    movie_id BIGINT NOT NULL,
    keyword_id INTEGER NOT NULL
);
COMMENT ON TABLE movie_keywords IS 'Which film has which keywords; each pair comes once.';
COMMENT ON COLUMN movie_keywords.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_keywords.keyword_id IS 'Its keyword: keywords.id.';

CREATE TABLE movie_people (
    movie_id BIGINT NOT NULL,
    person_id INTEGER NOT NULL,
    is_director BOOLEAN NOT NULL,
    is_writer BOOLEAN NOT NULL,
    is_actor BOOLEAN NOT NULL
);
COMMENT ON TABLE movie_people IS 'Who made which film; each pair comes once, whatever the roles.';
COMMENT ON COLUMN movie_people.movie_id IS 'The film: movies.id.';
COMMENT ON COLUMN movie_people.person_id IS 'The person: people.id.';
COMMENT ON COLUMN movie_people.is_director IS 'Whether the person directed the film.';
COMMENT ON COLUMN movie_people.is_writer IS 'Whether the person wrote the film, or what it is based on.';
COMMENT ON COLUMN movie_people.is_actor IS 'Whether the person is in its cast.';

CREATE TABLE movie_ratings (
    movie_id BIGINT NOT NULL,
    ratings BIGINT NOT NULL,
    mean_rating DOUBLE NOT NULL
);
COMMENT ON TABLE movie_ratings IS 'MovieLens ratings of each rated film, joined through the links file.';
COMMENT ON COLUMN movie_ratings.movie_id IS 'movies.id: unique.';
COMMENT ON COLUMN movie_ratings.ratings IS 'Number of MovieLens ratings.';
COMMENT ON COLUMN movie_ratings.mean_rating IS 'Mean of the MovieLens ratings, 0.5 to 5.';

CREATE TABLE popularity_scale (
    usual_votes DOUBLE,
    mean_vote DOUBLE,
    no_ratings BIGINT
);
COMMENT ON TABLE popularity_scale IS 'One row: what the popularity of a film is measured against.';
COMMENT ON COLUMN popularity_scale.usual_votes IS 'm of the weighted rating: nine in ten films with votes have fewer.';
COMMENT ON COLUMN popularity_scale.mean_vote IS 'C of the weighted rating: the mean vote of all films with votes.';
COMMENT ON COLUMN popularity_scale.no_ratings IS '0, the ratings of a film that nobody rated; NULL if no film has any.';

CREATE TABLE ingests (
    id INTEGER PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    source_sha256 VARCHAR,
    mode VARCHAR NOT NULL CHECK (mode IN ('replace', 'merge')),
    outcome VARCHAR NOT NULL CHECK (outcome IN ('loaded', 'refused', 'failed')),
    reason VARCHAR,
    decisions VARCHAR,
    tool_version VARCHAR NOT NULL,
    engine_version VARCHAR NOT NULL,
    records BIGINT,
    movies BIGINT,
    duplicates BIGINT,
    rejects BIGINT,
    repaired BIGINT,
    films_added BIGINT,
    films_changed BIGINT,
    films_removed BIGINT,
    films_unchanged BIGINT,
    ratings BIGINT,
    ratings_matched BIGINT,
    ratings_unread BIGINT,
    films_merged BIGINT,
    removals BIGINT,
    events_since INTEGER,
    loaded_with VARCHAR,
    CHECK (records = movies + duplicates + rejects + coalesce(removals, 0))
);
COMMENT ON TABLE ingests IS 'The ledger: one row a run of ingest, also of those that failed or were refused.';
COMMENT ON COLUMN ingests.id IS 'Number of the ingest.';
COMMENT ON COLUMN ingests.started_at IS 'Start, in UTC.';
COMMENT ON COLUMN ingests.finished_at IS 'End, in UTC.';
COMMENT ON COLUMN ingests.source IS 'The source as it was named.';
COMMENT ON COLUMN ingests.source_sha256 IS 'SHA-256 of the source, in hexadecimal; NULL if it could not be read.';
COMMENT ON COLUMN ingests.mode IS 'Whether the source replaced what was there, or was merged into it.';
COMMENT ON COLUMN ingests.outcome IS 'loaded; refused, by a limit on rejects or losses; or failed.';
COMMENT ON COLUMN ingests.reason IS 'Why it was refused or failed, or a warning.';
COMMENT ON COLUMN ingests.decisions IS 'How the source was read where that had to be decided: columns, dates, lists.';
COMMENT ON COLUMN ingests.tool_version IS 'Version of movie-reports.';
COMMENT ON COLUMN ingests.engine_version IS 'Version of DuckDB.';
COMMENT ON COLUMN ingests.records IS 'Records or messages read: movies + duplicates + rejects + removals.';
COMMENT ON COLUMN ingests.movies IS 'Films in the source.';
COMMENT ON COLUMN ingests.duplicates IS 'Records left out because their id came with more votes, or later; messages before the last of their film.';
COMMENT ON COLUMN ingests.rejects IS 'Records that could not be loaded.';
COMMENT ON COLUMN ingests.repaired IS 'Records joined again after a line break had split them.';
COMMENT ON COLUMN ingests.films_added IS 'Films that were not there before.';
COMMENT ON COLUMN ingests.films_changed IS 'Films that were there, with something else in them.';
COMMENT ON COLUMN ingests.films_removed IS 'Films that were there and are no longer.';
COMMENT ON COLUMN ingests.films_unchanged IS 'Films that were there just so.';
COMMENT ON COLUMN ingests.ratings IS 'MovieLens ratings read; NULL if the source has none.';
COMMENT ON COLUMN ingests.ratings_matched IS 'Ratings that belong to a film in the database.';
COMMENT ON COLUMN ingests.ratings_unread IS 'Lines of the ratings file that could not be read.';
COMMENT ON COLUMN ingests.films_merged IS 'Films that came or went by deltas since all tables were last written in order.';
COMMENT ON COLUMN ingests.removals IS 'Messages that remove a film; NULL if the source is no topic.';
COMMENT ON COLUMN ingests.events_since IS 'All events of the ingests after this one were kept when the ingest ended.';
COMMENT ON COLUMN ingests.loaded_with IS 'Names that are only loaded if they are asked for, by --with then or before; NULL if none.';

CREATE TABLE ingest_files (
    ingest_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('movies', 'ratings', 'links', 'keywords', 'people', 'ignored')),
    bytes BIGINT NOT NULL,
    encoding VARCHAR NOT NULL,
    separator VARCHAR,
    header VARCHAR
);
COMMENT ON TABLE ingest_files IS 'The files in the source of each ingest, and what they were used for.';
COMMENT ON COLUMN ingest_files.ingest_id IS 'The ingest: ingests.id.';
COMMENT ON COLUMN ingest_files.name IS 'Name of the file in the source.';
COMMENT ON COLUMN ingest_files.role IS 'What it was read as; ignored if no report needs it.';
COMMENT ON COLUMN ingest_files.bytes IS 'Its size in bytes, unpacked.';
COMMENT ON COLUMN ingest_files.encoding IS 'How its characters were written, such as utf-8 or cp1252.';
COMMENT ON COLUMN ingest_files.separator IS 'What separates its fields.';
COMMENT ON COLUMN ingest_files.header IS 'Its header, as it is in the file.';

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
COMMENT ON TABLE rejects IS 'Records that could not be loaded, of every ingest.';
COMMENT ON COLUMN rejects.ingest_id IS 'The ingest: ingests.id.';
COMMENT ON COLUMN rejects.file IS 'Name of the file in the source; of a topic the partition, such as films/0.';
COMMENT ON COLUMN rejects.line IS 'Physical line on which the record begins, the first is 1; of a topic the offset.';
COMMENT ON COLUMN rejects.reason IS 'Short code: id, fields, nul, quotes, encoding, size or json.';
COMMENT ON COLUMN rejects.message IS 'What is wrong, in words.';
COMMENT ON COLUMN rejects.raw IS 'The record as it is in the file.';

CREATE TABLE changes (
    ingest_id INTEGER NOT NULL,
    movie_id BIGINT NOT NULL,
    title VARCHAR,
    change VARCHAR NOT NULL CHECK (change IN ('added', 'changed', 'removed')),
    field VARCHAR,
    old_value VARCHAR,
    new_value VARCHAR
);
COMMENT ON TABLE changes IS 'What the last ingest changed: one row a film added or removed, one row a field changed.';
COMMENT ON COLUMN changes.ingest_id IS 'The ingest: ingests.id.';
COMMENT ON COLUMN changes.movie_id IS 'TMDB id of the film.';
COMMENT ON COLUMN changes.title IS 'Its title, the new one if it changed.';
COMMENT ON COLUMN changes.change IS 'added, changed or removed.';
COMMENT ON COLUMN changes.field IS 'The field that changed; NULL for a film added or removed.';
COMMENT ON COLUMN changes.old_value IS 'Its value before, as text; NULL if it had none.';
COMMENT ON COLUMN changes.new_value IS 'Its value now, as text; NULL if it has none.';

CREATE TABLE events (
    ingest_id INTEGER NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    number BIGINT NOT NULL,
    movie_id BIGINT NOT NULL,
    title VARCHAR,
    change VARCHAR NOT NULL CHECK (change IN ('added', 'changed', 'removed')),
    before VARCHAR USING COMPRESSION zstd,
    after VARCHAR USING COMPRESSION zstd
);
COMMENT ON TABLE events IS 'What recent ingests changed, for programs that follow them: one row a film and ingest.';
COMMENT ON COLUMN events.ingest_id IS 'The ingest: ingests.id.';
COMMENT ON COLUMN events.loaded_at IS 'When the ingest ended, in UTC.';
COMMENT ON COLUMN events.number IS 'Number among the events of the ingest, from 1.';
COMMENT ON COLUMN events.movie_id IS 'TMDB id of the film.';
COMMENT ON COLUMN events.title IS 'Its title, the new one if it changed.';
COMMENT ON COLUMN events.change IS 'added, changed or removed.';
COMMENT ON COLUMN events.before IS 'The fields that changed as they were, as JSON; all of a removed film, NULL for an added one.';
COMMENT ON COLUMN events.after IS 'The same fields as they are now; all of an added film, NULL for a removed one.';

CREATE TABLE streams (
    topic VARCHAR NOT NULL,
    partition INTEGER NOT NULL,
    next_offset BIGINT NOT NULL,
    end_offset BIGINT NOT NULL,
    ingest_id INTEGER NOT NULL,
    settings VARCHAR NOT NULL
);
COMMENT ON TABLE streams IS 'How far each followed topic is loaded: one row a partition.';
COMMENT ON COLUMN streams.topic IS 'Name of the topic, with a row for each of its partitions.';
COMMENT ON COLUMN streams.partition IS 'Number of the partition.';
COMMENT ON COLUMN streams.next_offset IS 'Offset of the first message that is not loaded yet.';
COMMENT ON COLUMN streams.end_offset IS 'End of the partition when the last batch was fetched: the lag is what was missing then.';
COMMENT ON COLUMN streams.ingest_id IS 'The last batch: ingests.id.';
COMMENT ON COLUMN streams.settings IS 'How dates, numbers and lists in messages are read, as JSON; the same for all batches.';

CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
COMMENT ON TABLE schema_version IS 'Which data model this file has.';
COMMENT ON COLUMN schema_version.version IS 'Number of the data model.';
INSERT INTO schema_version VALUES (8);
