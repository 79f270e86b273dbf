"""The demonstration: one at a time on a profile."""

from pathlib import Path

import pytest

from workstation.app.demonstration import open_demonstration
from workstation.config import Profile
from workstation.store.errors import ProfileInUse
from workstation.store.profile_lock import ProfileLock
from workstation.translations import translator


@pytest.mark.parametrize("reset", [False, True])
def test_a_second_demonstration_leaves_the_running_one_alone(tmp_path: Path, reset: bool) -> None:
    drafts = tmp_path / "demonstration" / "drafts.journal"
    drafts.parent.mkdir()
    drafts.write_bytes(b"words")
    with (
        ProfileLock(tmp_path / "demonstration.lock"),
        pytest.raises(ProfileInUse),
        open_demonstration(Profile(tmp_path), lambda _said: None, translator("en"), reset=reset),
    ):
        pytest.fail("a second demonstration runs")
    assert drafts.read_bytes() == b"words"
    assert not (tmp_path / "demonstration-hub").exists()
