"""``requis hub add`` and ``hub sign-in``: every way to sign in, and no secret where others could read it."""

from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509

from tests.support.called_commands import CalledCommands
from tests.support.certificates import Authority
from tests.support.command_line import command_line
from tests.support.identity_provider import Guard, running_provider, sign_in_as
from tests.support.stub_hub import running_stub

CLIENT_SECRET = "what-the-client-proves-itself-with"
TOKEN = "token-that-an-administrator-gave"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CalledCommands:
    monkeypatch.chdir(tmp_path)
    return CalledCommands(tmp_path / "profile", monkeypatch, capsys)


def file_of(command: CalledCommands, name: str, content: str) -> Path:
    path = command.home.parent / name
    path.write_text(content, encoding="utf-8")
    return path


def kept_bytes(command: CalledCommands) -> bytes:
    """Everything that the profile holds on the disk."""
    return b"".join(path.read_bytes() for path in sorted(command.home.rglob("*")) if path.is_file())


def test_each_way_to_sign_in_is_kept_and_its_secret_cannot_be_read(tmp_path: Path, command: CalledCommands) -> None:
    authority = Authority()
    client = authority.issue(x509.DNSName("workstation.example"))
    (tmp_path / "client.p12").write_bytes(client.pkcs12(b"a word"))
    word, token = file_of(command, "word", "a word"), file_of(command, "token", TOKEN)
    url, ca = "https://hub.example/rs", authority.write(tmp_path)
    ways: dict[str, tuple[str | Path, ...]] = {
        "none": (),
        "basic": ("--user", "reader", "--password-file", word),
        "bearer": ("--token-file", token),
        "certificate": ("--certificate", "client.p12", "--certificate-passphrase-file", word, "--ca", ca),
        "oidc": ("--oidc-issuer", "https://login.example", "--oidc-client", "requis"),
    }
    for name, options in ways.items():
        assert command.json("hub", "add", name, url, *options)["sign_in"] == name
    places = ("--oidc-issuer", "https://login.example", "--oidc-origin", "https://tokens.example")
    assert "https://tokens.example" in command.run("hub", "add", "oidc", url, *places).output
    shown = command.run("hub", "list", "--json")
    assert '"https://tokens.example"' in shown.output
    assert TOKEN not in shown.output + shown.said
    kept = kept_bytes(command)
    assert TOKEN.encode() not in kept
    assert b"PRIVATE KEY" not in kept


def test_what_can_never_work_is_refused_in_words(command: CalledCommands) -> None:
    token = file_of(command, "token", TOKEN)
    assert "https" in command.refused("hub", "add", "hub", "http://hub.example/rs", "--token-file", token)
    assert "absent.p12" in command.refused("hub", "add", "hub", "https://hub.example/rs", "--certificate", "absent.p12")
    assert command.refused("hub", "add", "hub", "https://hub.example/rs", "--certificate", token)
    assert command.run("hub", "add", "hub", "https://h/rs", "--user", "u", "--token-file", token).status == 2
    assert command.json("hub", "list")["hubs"] == []


def test_a_person_signs_in_once_and_every_later_command_is_let_in(
    tmp_path: Path, command: CalledCommands, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = file_of(command, "secret", CLIENT_SECRET)
    visited: list[str] = []

    def browse(address: str) -> bool:
        visited.append(address)
        Thread(target=sign_in_as, args=(address,), daemon=True).start()
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", browse)
    with running_provider("--require-nonce") as issuer:
        guard = Guard(issuer)
        with running_stub(guard) as stub:
            provider = ("--oidc-issuer", issuer, "--oidc-secret-file", secret)
            command.json("hub", "add", "hub", stub.url, *provider)
            assert "requis hub sign-in" in command.refused("hub", "check", "hub")
            assert stub.seen == []
            assert command.json("hub", "sign-in", "hub") == {"hub": "hub", "signed_in": True}
            for _ in range(2):
                command.json("hub", "check", "hub")
            assert len(set(guard.passed)) == 2
            visited.append(_signed_in_without_a_screen(tmp_path))
    kept = kept_bytes(command)
    for word in (CLIENT_SECRET, *guard.passed):
        assert word.encode() not in kept
        assert all(word not in address for address in visited)


def _signed_in_without_a_screen(folder: Path) -> str:
    """Sign in where the program can only name the address, and return it."""
    process = command_line(folder).start("hub", "sign-in", "hub", "--no-browser")
    assert process.stderr is not None
    address = next(line.strip() for line in process.stderr if line.startswith("http"))
    sign_in_as(address)
    process.communicate(timeout=60)
    assert process.returncode == 0
    return address
