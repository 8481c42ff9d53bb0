-- The ratings of each film, by the number that MovieLens gives it, summed up for one part of their file after another.
CREATE OR REPLACE TEMP TABLE rated_parts (movielens_id BIGINT, records BIGINT, ratings BIGINT, total DOUBLE);
