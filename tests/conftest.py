"""What every test starts from: no window on anybody's screen, and no judgement by the clock."""

import os

import pytest
from hypothesis import settings

from tests.support.outside_programs import skip_without_programs

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long an example takes says something of the machine, not of the program.
settings.register_profile("requis", deadline=None)
settings.load_profile("requis")


def pytest_runtest_setup(item: pytest.Item) -> None:
    skip_without_programs(item)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test whose name holds the address of an object: the processes of one run must agree on the names."""
    addressed = sorted({item.nodeid.partition("[")[0] for item in items if " at 0x" in item.nodeid})
    if addressed:
        raise pytest.UsageError(f"named by an address, other in each process: {', '.join(addressed)}")
