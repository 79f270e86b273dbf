"""``requis sign``: what can be refused is refused before anything is signed."""

from pathlib import Path

from tests.support.command_line import command_line
from tests.support.reports import READER, draft_of, marks_on, small_ct, stored_header
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.report import DraftState


def test_a_folder_that_cannot_be_made_is_named_before_anything_is_signed(tmp_path: Path) -> None:
    command = command_line(tmp_path)
    headers = [stored_header(small_ct())]
    draft = draft_of(headers, marks_on(headers[0]))
    profile = Profile(command.home, command.passphrase_file)
    with open_core(profile, None) as core:
        core.store.settings.set_reader(READER)
        core.drafting.save(draft)
    occupied = tmp_path / "occupied"
    occupied.write_text("a file", encoding="utf-8")
    assert str(occupied) in command.refused("sign", draft.id, "--out", occupied)
    with open_core(profile, None) as core:
        assert core.drafting.load(draft.id).state is DraftState.OPEN
