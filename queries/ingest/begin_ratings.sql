-- The ratings of each film, by the number that MovieLens gives it, summed for each part of their file:
-- the number of lines, the number that could be read, and the sum of these ratings in millionths of a star.
CREATE OR REPLACE TEMP TABLE rated_parts (movielens_id BIGINT, records BIGINT, ratings BIGINT, total BIGINT);
