"""The errors of the program: each has a sentence for the user and an exit code for scripts."""

from __future__ import annotations

from collections.abc import Sequence


class MovieReportsError(Exception):
    """Something failed: a file, a database, a disk. The message says what, where and what to do next."""

    exit_code = 1


class UsageError(MovieReportsError, ValueError):
    """The call itself is wrong: a year that is not a year, options that exclude each other."""

    exit_code = 2


class RefusedError(MovieReportsError):
    """A source was read, but has too many rejects, would lose too many films, or has ambiguous columns."""

    exit_code = 4


class StoppedError(MovieReportsError):
    """The user stopped the program."""

    exit_code = 130


class TooSlowError(MovieReportsError):
    """A report takes longer than it may."""


class NotFoundError(MovieReportsError, LookupError):
    """No such company, genre or year, or an ambiguous one.

    Attributes:
        candidates: one line of text for each name that could have been meant, the likeliest first.
        names: the names themselves, exactly as they must be typed.
    """

    exit_code = 3

    def __init__(self, message: str, candidates: Sequence[str] = (), names: Sequence[str] | None = None) -> None:
        """Keep the message and the candidates; the names are the candidates unless given."""
        super().__init__(f"{message}: {'; '.join(candidates)}" if candidates else message)
        self.message = message
        self.candidates = tuple(candidates)
        self.names = tuple(candidates if names is None else names)


class GoneError(NotFoundError):
    """The changes since an ingest are no longer kept.

    Attributes:
        oldest: the number of the first ingest since which they are.
    """

    def __init__(self, message: str, oldest: int) -> None:
        """Keep the message and the number."""
        super().__init__(message)
        self.oldest = oldest
