"""``requis signer``, and ``requis sign`` with the key that the profile keeps."""

import json
from pathlib import Path

import pytest

from tests.support.reports import READER, draft_of, marks_on, small_ct, stored_header
from tests.workstation.app.test_signer_key import OF_THE_FILE, OWN, container, issued
from tests.workstation.cli.typed import Typed
from workstation.app.core import open_core
from workstation.config import Profile


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setattr("workstation.vault.keyring_slot.system_keyring", lambda: None)
    typed = Typed(tmp_path, monkeypatch, capsys)
    (tmp_path / "reader.p12").write_bytes(container(issued()))
    (tmp_path / "of_the_file").write_text(OF_THE_FILE)
    (tmp_path / "own").write_text(OWN)
    (tmp_path / "wrong").write_text("wrong wrong")
    return typed


def take_in(command: Typed) -> None:
    folder = command.folder
    shown = command.json(
        "signer", "import", folder / "reader.p12", "--passphrase-file", folder / "of_the_file", "--new-file",
        folder / "own",
    )  # fmt: skip
    assert shown["signer"]["identifier"] == READER.identifier or shown["signer"]["holder"]


def test_a_key_is_imported_shown_changed_and_forgotten(command: Typed) -> None:
    folder = command.folder
    assert "requis signer import" in command.refused("signer", "show")
    take_in(command)
    shown = command.json("signer", "show")["signer"]
    assert shown["demonstration"] is False
    assert shown["days_left"] > 300
    assert "Nothing was signed" in command.refused(
        "signer", "passphrase", "--passphrase-file", folder / "wrong", "--new-file", folder / "of_the_file"
    )
    command.json("signer", "passphrase", "--passphrase-file", folder / "own", "--new-file", folder / "of_the_file")
    assert command.json("signer", "forget") == {"forgotten": True}
    assert "requis signer import" in command.refused("signer", "show")


def test_sign_asks_for_the_passphrase_of_the_kept_key_and_signs_nothing_without(command: Typed) -> None:
    folder = command.folder
    take_in(command)
    header = stored_header(small_ct())
    draft = draft_of([header], marks_on(header))
    with open_core(Profile(command.home, command.passphrase_file), None) as core:
        core.store.settings.set_reader(READER)
        core.drafting.save(draft)
    assert "--passphrase-file" in command.refused("sign", draft.id, "--out", folder / "out")
    assert "Nothing was signed" in command.refused(
        "sign", draft.id, "--out", folder / "out", "--passphrase-file", folder / "wrong"
    )
    assert list((folder / "out").iterdir()) == []
    assert "wrong wrong" not in json.dumps([path.read_text() for path in (command.home / "logs").iterdir()])
