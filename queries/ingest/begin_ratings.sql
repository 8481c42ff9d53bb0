-- The ratings of each film, by the number that MovieLens gives it, summed up for one part of their file after another:
-- how many lines, how many of them could be read, and the sum of these in millionths of a star.
CREATE OR REPLACE TEMP TABLE rated_parts (movielens_id BIGINT, records BIGINT, ratings BIGINT, total BIGINT);
