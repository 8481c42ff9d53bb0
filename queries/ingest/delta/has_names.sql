-- Do the films of a delta have companies, or did they have any? Otherwise no step has anything to do for them.
-- It is written for companies; the names of other tables take their places for other subjects.
SELECT EXISTS (FROM film_companies)
    OR EXISTS (FROM build.movie_companies WHERE movie_id IN (SELECT id FROM old.movies)) AS has_names;
