"""The rules look at millions of nodes of parsed files, which are kept for the next rule."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def parsed_files_are_no_garbage() -> Iterator[None]:
    """Look for no garbage among what is parsed, neither meanwhile nor in all tests that follow."""
    gc.disable()
    yield
    gc.enable()
    gc.freeze()
