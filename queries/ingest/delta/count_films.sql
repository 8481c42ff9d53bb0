-- How many films did the database have, how many of them does the delta not have, and how many came by deltas?
SELECT
    (SELECT count(*) FROM build.movies) AS films_before,
    (SELECT count(*) FROM build.movies) - (SELECT count(*) FROM old.movies) AS films_kept,
    (SELECT coalesce(arg_max(films_merged, id), 0) FROM build.ingests) AS films_merged;
