"""Every fault of networks and hubs that the workstation must bear is a test by its number, before a real hub.

The rows are those of the project's table of expected behaviour: N for the network, V for known vulnerabilities.
"""

import ast

import pytest

from tests.house.tree import nodes, python_files

ROWS = (*(f"n{number}" for number in range(1, 21)), "v4", "v5", "v8", "v9", "v10")
BEFORE_REAL_HUBS = "tests/faults/"


def named_for(row: str) -> list[str]:
    """Return the names of the tests of one row that run before real hubs."""
    files = [name for name in python_files("tests") if name.startswith(BEFORE_REAL_HUBS)]
    found = [node.name for name in files for node in nodes(name) if isinstance(node, ast.FunctionDef)]
    return [name for name in found if name.startswith(f"test_{row}_")]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_test(row: str) -> None:
    assert named_for(row)


def test_a_row_that_is_not_there_has_none() -> None:
    assert named_for("n21") == []
