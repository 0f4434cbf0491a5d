"""The `matinee` program: reads the command line, then hosts with a window or without."""

import sys
from collections.abc import Sequence

from desktop import cli


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: The command line without the program's name; None takes the process's.

    Returns:
        The exit status: 0, or 1 when it could not host, or 2 for a wrong command line.
    """
    options = cli.parse(sys.argv[1:] if arguments is None else arguments)
    cli.start_logging(options)
    if options.config.headless:
        from desktop import headless  # noqa: PLC0415 - a window needs none of it

        return headless.run(options)
    from desktop import app  # noqa: PLC0415 - Qt is imported only where a window is wanted

    return app.run(options.config, options.film, loop=options.loop)


if __name__ == "__main__":
    sys.exit(main())
