-- When did an ingest end? After a restore, another one may have the same number.
SELECT finished_at FROM ingests WHERE id = $ingest;
