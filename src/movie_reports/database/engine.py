"""The engine without the rest of its Python package: relations and expressions, which take 30 ms of a start to load."""

try:
    import _duckdb as duckdb
except ImportError:  # the package does not document this name
    import duckdb  # type: ignore[no-redef]

__all__ = ["duckdb"]
