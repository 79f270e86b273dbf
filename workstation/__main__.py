"""The command ``requis``: hands the arguments to the command line."""

import sys

from workstation import logs
from workstation.cli.main import run


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(run(sys.argv[1:], logs.watch_process))


if __name__ == "__main__":
    main()
