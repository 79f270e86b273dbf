"""Parses the arguments and runs one command. Exit status: 0 done, 1 refused or failed, 2 wrong usage."""

import argparse
import sys
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    parser = argparse.ArgumentParser(prog="requis")
    parser.parse_args(arguments)
    sys.stderr.write(parser.format_usage())
    return 2
