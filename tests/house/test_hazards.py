"""Every test that packaging/HAZARDS.md names as a proof exists, and every hazard has one."""

import ast
import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TESTS = REPOSITORY / "tests"
ROWS = tuple(
    line
    for line in (REPOSITORY / "packaging" / "HAZARDS.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| H\d", line)
)


def proofs(row: str) -> list[tuple[Path, str]]:
    """Return the file and name of each test that the last cell of a row names."""
    cell = row.strip().strip("|").rsplit("|", 1)[-1]
    found: list[tuple[Path, str]] = []
    for group in cell.split(";"):
        path, *names = re.findall(r"`([^`]+)`", group) or [""]
        found += [(TESTS / path, name) for name in names]
    return found


def names_in(path: Path) -> set[str]:
    """Return the names of the test functions of a file; none where there is no such file."""
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_hazards_are_numbered_from_one_without_a_gap() -> None:
    assert len(ROWS) >= 20
    assert [row.split("|")[1].strip() for row in ROWS] == [f"H{number}" for number in range(1, len(ROWS) + 1)]


def test_every_hazard_has_a_control_and_a_proof() -> None:
    assert [row for row in ROWS if not proofs(row) or not all(cell.strip() for cell in row.strip("|").split("|"))] == []


def test_every_proof_exists() -> None:
    absent = [f"{path.name}: {name}" for row in ROWS for path, name in proofs(row) if name not in names_in(path)]
    assert absent == []
