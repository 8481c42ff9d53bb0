"""How many cases the property-based tests try.

`make test` tries a few, and `make check` five times as many, the same each time. With MOVIE_REPORTS_FUZZ=50 fifty times
as many are tried, other ones each time.
"""

import os

from hypothesis import settings

TIMES = int(os.environ.get("MOVIE_REPORTS_FUZZ", "1"))
ARE_THE_SAME = TIMES <= 5


def examples(number: int) -> settings:
    """Try so many cases in `make test`."""
    return settings(max_examples=number * TIMES)
