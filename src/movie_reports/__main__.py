"""The program movie-reports."""

from __future__ import annotations

import gc

FEW = 50_000  # objects


def main() -> None:
    """Run the command line."""
    gc.set_threshold(FEW)  # looking for garbage while modules load finds none, and takes 6 ms of every start
    from movie_reports.cli import messages  # noqa: PLC0415 (so that this holds for its loading)

    messages.run(_program)


def _program() -> int:
    from movie_reports.cli import app  # noqa: PLC0415 (so that an interrupt during loading is handled too)

    return app.run()


if __name__ == "__main__":
    main()
