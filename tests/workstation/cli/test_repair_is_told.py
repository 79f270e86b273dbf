"""A command on a damaged profile does its work, and says on standard error what was repaired."""

import shutil
from pathlib import Path

from tests.support.command_line import command_line
from tests.workstation.store.damage import zero
from tests.workstation.store.samples import make_draft
from workstation.app.core import open_core
from workstation.config import Profile


def test_a_command_says_what_was_repaired_and_prints_nothing_else_than_its_document(tmp_path: Path) -> None:
    command = command_line(tmp_path)
    profile = Profile(command.home, command.passphrase_file)
    with open_core(profile, None) as core:
        core.drafting.save(make_draft())
        assert core.store.back_up()
        core.drafting.save(make_draft("d2"))
    zero(profile.database)
    (backup,) = profile.backups.glob("*.db")
    for _ in range(2):
        ran = command.run("outbox", "--json")
        assert ran.status == 0
        assert ran.document == {"deliveries": [], "requests": []}
        assert "Brought back since then: drafts 1, signed reports 0." in ran.said
    with open_core(profile, None) as core:
        assert {draft.id for draft in core.store.drafts.open_drafts()} == {"d1", "d2"}
        core.store.note_told()
    backup.unlink()
    assert "Brought back" not in command.run("outbox").said
    assert len(list(profile.backups.glob("*.db"))) == 1
    shutil.rmtree(profile.backups)
    profile.backups.write_text("a file where the folder should be", encoding="utf-8")
    ran = command.run("outbox")
    assert ran.status == 0
    assert "No backup" in ran.said
