-- A film from the fields of a record, which are found by their positions in it: typed values, and the text of each
-- field that was not read. A position behind the last field, which is NULL, stands for a column that the file does not have.
CREATE OR REPLACE TEMP MACRO unread(value, text) AS CASE WHEN value IS NULL THEN nullif(text, '') END;

CREATE OR REPLACE TEMP MACRO film(fields, positions) AS struct_pack(
    id := whole_number(fields[positions.id]),
    imdb_id := nullif(fields[positions.imdb_id], ''),
    title := nullif(fields[positions.title], ''),
    original_title := nullif(fields[positions.original_title], ''),
    original_language := nullif(fields[positions.original_language], ''),
    overview := nullif(fields[positions.overview], ''),
    tagline := nullif(fields[positions.tagline], ''),
    status := nullif(fields[positions.status], ''),
    adult := truth(fields[positions.adult]),
    release_date := calendar_date(fields[positions.release_date]),
    runtime := figure(fields[positions.runtime]),
    budget := dollars(fields[positions.budget]),
    revenue := dollars(fields[positions.revenue]),
    popularity := figure(fields[positions.popularity]),
    vote_average := vote(fields[positions.vote_average]),
    vote_count := tally(fields[positions.vote_count]),
    genres := nullif(fields[positions.genres], ''),
    companies := nullif(fields[positions.production_companies], ''),
    unread := struct_pack(
        id := unread(whole_number(fields[positions.id]), fields[positions.id]),
        adult := unread(truth(fields[positions.adult]), fields[positions.adult]),
        release_date := unread(calendar_date(fields[positions.release_date]), fields[positions.release_date]),
        runtime := unread(figure(fields[positions.runtime]), fields[positions.runtime]),
        budget := unread(dollars(fields[positions.budget]), fields[positions.budget]),
        revenue := unread(dollars(fields[positions.revenue]), fields[positions.revenue]),
        popularity := unread(figure(fields[positions.popularity]), fields[positions.popularity]),
        vote_average := unread(vote(fields[positions.vote_average]), fields[positions.vote_average]),
        vote_count := unread(tally(fields[positions.vote_count]), fields[positions.vote_count])
    )
);
