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
