-- Tables of a delta alone, with the columns of those of the database. Their few rows are compared with those of the same
-- films of before, in the database old, and what is different then goes into the copied file.
CREATE TABLE staging.movies AS FROM build.movies LIMIT 0;

-- The films that the messages of a stream remove; a file removes none.
CREATE TABLE staging.removed (id BIGINT);
