"""The rows of all tables, such that two databases can be compared."""

from runs import Place

NAMES = "SELECT name, name_folded, tmdb_ids FROM {} ORDER BY ALL"
LINKS = "SELECT movie_id, name FROM movie_{0} JOIN {0} ON id = {1}_id ORDER BY ALL"
TABLES = {
    "genres": NAMES.format("genres"),
    "companies": NAMES.format("companies"),
    "collections": NAMES.format("collections"),
    "countries": "SELECT name, name_folded, codes FROM countries ORDER BY ALL",
    "keywords": NAMES.format("keywords"),
    "people": NAMES.format("people"),
    "movie_genres": LINKS.format("genres", "genre"),
    "movie_companies": LINKS.format("companies", "company"),
    "movie_countries": LINKS.format("countries", "country"),
    "movie_collections": LINKS.format("collections", "collection"),
    "movie_keywords": LINKS.format("keywords", "keyword"),
    "movie_people": "SELECT * EXCLUDE (id, tmdb_ids) FROM movie_people JOIN people ON id = person_id ORDER BY ALL",
    "events": "SELECT * EXCLUDE loaded_at FROM events ORDER BY ALL",
    "ingests": "SELECT * EXCLUDE (started_at, finished_at, films_merged) FROM ingests ORDER BY id",
    **{
        name: f"FROM {name} ORDER BY ALL"
        for name in (
            "movies",
            "movie_ratings",
            "popularity_scale",
            "ingest_files",
            "unread_fields",
            "rejects",
            "changes",
        )
    },
}


def contents(place: Place) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all tables, with names in the place of their numbers, which differ from file to file."""
    return {table: place.query(query) for table, query in TABLES.items()}
