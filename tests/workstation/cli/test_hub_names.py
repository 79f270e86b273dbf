"""``requis hub add``: a name for which something waits is given to no other hub unasked."""

from pathlib import Path

import pytest

from tests.workstation.cli.typed import Typed
from tests.workstation.store.samples import HUB, make_request
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.identifiers import TransactionUID


def test_a_hub_elsewhere_is_refused_in_words_unless_it_is_said_to_be_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Typed(tmp_path, monkeypatch, capsys)
    at, moved = "https://hub.example/rs", "https://moved.example/rs"
    command.json("hub", "add", HUB, at)
    with open_core(Profile(command.home), None, passphrase=command.passphrase_file.read_text()) as core:
        core.store.claims.remember(make_request().key, TransactionUID("2.25.1"))
    command.json("hub", "add", HUB, f"{at.replace('hub.', 'HUB.')}/")
    sentence = command.refused("hub", "add", HUB, moved)
    assert all(one in sentence for one in (at.replace("hub.", "HUB."), moved, "--same-hub"))
    assert command.json("hub", "add", HUB, moved, "--same-hub")["url"] == moved
    (listed,) = command.json("hub", "list")["hubs"]
    assert listed["url"] == moved


def test_a_name_that_is_none_a_hub_that_is_none_and_a_mirror_of_none_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Typed(tmp_path, monkeypatch, capsys)
    for name in ("", " ", "north\nsouth"):
        assert command.refused("hub", "add", name, "https://hub.example/rs") == "A hub needs a name of one line."
    assert command.refused("hub", "remove", "north") == "This profile has no hub called north."
    assert command.run("hub", "add", "south", "https://south.example/rs", "--mirror-of", "north") == 0
    assert "no hub called north" in capsys.readouterr().err
    command.json("hub", "add", "north", "https://north.example/rs")
    assert command.run("hub", "add", "south", "https://south.example/rs", "--mirror-of", "north") == 0
    assert capsys.readouterr().err == ""
