-- Which countries have the ISO code $code? Some have it under several names.
SELECT name FROM countries WHERE array_contains(codes, $code) ORDER BY name;
