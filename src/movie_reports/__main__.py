"""The program movie-reports."""

from movie_reports.cli import messages as talk


def main() -> None:
    """Run the command line."""
    talk.run(_program)


def _program() -> int:
    from movie_reports.cli import app as cli  # noqa: PLC0415 (so that an interrupt while loading is answered too)

    return cli.run()


if __name__ == "__main__":
    main()
