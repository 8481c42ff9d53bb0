-- Which films are in which of several files.
INSERT INTO film_files SELECT DISTINCT id, $file FROM staging.batch;
