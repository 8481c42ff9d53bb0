"""Which cases of a long list `make test` tries."""

from collections.abc import Iterable
from typing import Any

import pytest


def few(cases: Iterable[Any], *kept: Any, first: int = 1) -> list[Any]:  # noqa: ANN401 (cases may be anything)
    """Mark all cases slow but the first ones, or those that are named.

    The others show the same behaviour with other values, and each would cost an ingest. `make check` tries all. A tuple
    is the values of several arguments.
    """
    listed = list(cases)
    quick = list(kept) or listed[:first]
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=[] if case in quick else [pytest.mark.slow])
        for case in listed
    ]
