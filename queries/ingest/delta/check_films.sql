-- Has each film its own id? No key says so.
SELECT CASE WHEN count(*) = $films THEN count(*) ELSE error('a film is in the database twice') END AS films FROM movies;
