"""The command ``requis``: hands the arguments to the command line."""

import gc
import sys
from typing import Final

from workstation import logs
from workstation.cli.main import run

# Whoever reads thousands of headers makes many objects that stay: looking through all of them at each few hundred new
# ones would take a tenth of a transfer, and hold the window up.
_COLLECTOR: Final = (20_000, 20, 20)


def main() -> None:
    """Run the command line and exit with its status."""
    gc.set_threshold(*_COLLECTOR)
    sys.exit(run(sys.argv[1:], logs.watch_process))


if __name__ == "__main__":
    main()
