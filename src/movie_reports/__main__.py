"""The program movie-reports."""

from movie_reports import talk


def main() -> None:
    """Run the command line."""
    from movie_reports.cli import app  # noqa: PLC0415 (so that an interrupt while loading is answered too)

    talk.run(app)


if __name__ == "__main__":
    main()
