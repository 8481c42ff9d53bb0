-- The people of each film with their roles, in the new database and in the old one, as find_different_names.sql compares
-- them.
CREATE OR REPLACE TEMP MACRO with_roles(name, is_director, is_writer, is_actor) AS name || ' (' || concat_ws(', ',
    CASE WHEN is_director THEN 'director' END, CASE WHEN is_writer THEN 'writer' END, CASE WHEN is_actor THEN 'actor' END
) || ')';

CREATE OR REPLACE TEMP VIEW new_names AS
SELECT movie_id, with_roles(name, is_director, is_writer, is_actor) AS name
FROM movie_people
JOIN people ON people.id = person_id;

CREATE OR REPLACE TEMP VIEW old_names AS
SELECT movie_id, with_roles(name, is_director, is_writer, is_actor) AS name
FROM old.movie_people
JOIN old.people ON people.id = person_id;
