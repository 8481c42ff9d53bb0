-- The films of which the companies are different from the old database, whatever their order, and the names of these and
-- of the films that are added or removed. Lists are compared by one hash each.
-- It is written for companies; the names of other tables take their places for other subjects.
INSERT INTO different_lists
WITH new_lists AS (SELECT movie_id, bit_xor(hash(name)) AS digest FROM new_names GROUP BY movie_id),
old_lists AS (SELECT movie_id, bit_xor(hash(name)) AS digest FROM old_names GROUP BY movie_id)
SELECT movie_id, 'companies' AS field
FROM new_lists
FULL JOIN old_lists USING (movie_id)
WHERE new_lists.digest IS DISTINCT FROM old_lists.digest
    AND movie_id IN (SELECT id FROM movies)
    AND movie_id IN (SELECT id FROM old.movies);

INSERT INTO different_names
SELECT movie_id, 'companies' AS field, name, TRUE AS is_new
FROM new_names
WHERE movie_id IN (SELECT movie_id FROM different_lists WHERE field = 'companies')
    OR movie_id NOT IN (SELECT id FROM old.movies)
UNION ALL
SELECT movie_id, 'companies' AS field, name, FALSE AS is_new
FROM old_names
WHERE movie_id IN (SELECT movie_id FROM different_lists WHERE field = 'companies')
    OR movie_id NOT IN (SELECT id FROM movies);
