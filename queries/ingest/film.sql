-- A film from the fields of a record.

-- The texts of its fields, which are found by their positions in the record. A position behind the last field, which is
-- NULL, stands for a column that the file does not have.
CREATE OR REPLACE TEMP MACRO texts(fields, positions) AS struct_pack(
    id := fields[positions.id],
    imdb_id := nullif(fields[positions.imdb_id], ''),
    title := nullif(fields[positions.title], ''),
    original_title := nullif(fields[positions.original_title], ''),
    original_language := nullif(fields[positions.original_language], ''),
    overview := nullif(fields[positions.overview], ''),
    tagline := nullif(fields[positions.tagline], ''),
    status := nullif(fields[positions.status], ''),
    adult := nullif(fields[positions.adult], ''),
    release_date := nullif(fields[positions.release_date], ''),
    runtime := nullif(fields[positions.runtime], ''),
    budget := nullif(fields[positions.budget], ''),
    revenue := nullif(fields[positions.revenue], ''),
    popularity := nullif(fields[positions.popularity], ''),
    vote_average := nullif(fields[positions.vote_average], ''),
    vote_count := nullif(fields[positions.vote_count], ''),
    genres := nullif(fields[positions.genres], ''),
    production_companies := nullif(fields[positions.production_companies], ''),
    production_countries := nullif(fields[positions.production_countries], ''),
    belongs_to_collection := nullif(fields[positions.belongs_to_collection], ''),
    keywords := nullif(fields[positions.keywords], ''),
    "cast" := nullif(fields[positions."cast"], ''),
    "crew" := nullif(fields[positions."crew"], ''),
    "directors" := nullif(fields[positions."directors"], ''),
    "writers" := nullif(fields[positions."writers"], '')
);

-- Its values.
CREATE OR REPLACE TEMP MACRO film(texts) AS struct_pack(
    id := whole_number(texts.id),
    imdb_id := texts.imdb_id,
    title := texts.title,
    original_title := texts.original_title,
    original_language := texts.original_language,
    overview := texts.overview,
    tagline := texts.tagline,
    status := texts.status,
    adult := truth(texts.adult),
    release_date := calendar_date(texts.release_date),
    runtime := figure(texts.runtime),
    budget := dollars(texts.budget),
    revenue := dollars(texts.revenue),
    popularity := figure(texts.popularity),
    vote_average := vote(texts.vote_average),
    vote_count := tally(texts.vote_count),
    genres := texts.genres,
    production_companies := texts.production_companies,
    production_countries := texts.production_countries,
    belongs_to_collection := texts.belongs_to_collection,
    keywords := texts.keywords,
    "cast" := texts."cast",
    "crew" := texts."crew",
    "directors" := texts."directors",
    "writers" := texts."writers"
);

-- The texts that are no values of their fields, or not yet.
CREATE OR REPLACE TEMP MACRO unread(film, texts) AS struct_pack(
    id := CASE WHEN film.id IS NULL THEN texts.id END,
    adult := CASE WHEN film.adult IS NULL THEN texts.adult END,
    release_date := CASE WHEN film.release_date IS NULL THEN texts.release_date END,
    runtime := CASE WHEN film.runtime IS NULL THEN texts.runtime END,
    budget := CASE WHEN film.budget IS NULL THEN texts.budget END,
    revenue := CASE WHEN film.revenue IS NULL THEN texts.revenue END,
    popularity := CASE WHEN film.popularity IS NULL THEN texts.popularity END,
    vote_average := CASE WHEN film.vote_average IS NULL THEN texts.vote_average END,
    vote_count := CASE WHEN film.vote_count IS NULL THEN texts.vote_count END
);
