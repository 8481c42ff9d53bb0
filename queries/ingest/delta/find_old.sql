-- What the database had of the films of a delta, and of those that it removes.
CREATE TABLE old.movies AS
FROM build.movies WHERE id IN (SELECT id FROM staging.movies UNION ALL SELECT id FROM staging.removed);
