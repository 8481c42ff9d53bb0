"""The program movie-reports."""

from movie_reports.cli import messages


def main() -> None:
    """Run the command line."""
    messages.run(_program)


def _program() -> int:
    from movie_reports.cli import app  # noqa: PLC0415 (so that an interrupt during loading is handled too)

    return app.run()


if __name__ == "__main__":
    main()
