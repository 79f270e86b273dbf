"""Who signs: the demonstration identity, a key file, a token; and what a reader must accept before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from tests.e2e.answered import prepared_reader
from tests.e2e.opinions import CRITICAL, Slices, answers, marks, slices_of, written
from tests.support.command_line import REPOSITORY, CommandLine
from tests.support.token import MODULE, PIN, put_key, tokens
from tests.support.validators import judge, signature_status
from workstation.domain.clock import system_clock
from workstation.domain.reader import Reader
from workstation.signing.demonstration import make_identity

pytestmark = pytest.mark.e2e
READER = Reader("LECTÈUR^Zêta", "10003456789", "CHU de Saint-Étienne")
PASSPHRASE = "a key of my own"


@pytest.fixture(scope="module")
def slices() -> Slices:
    return slices_of("head-ct")


@pytest.fixture(scope="module")
def command(hub_url: str, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    command = prepared_reader(tmp_path_factory.mktemp("signer"), hub_url)
    command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / "head-ct")
    return command


def draft(command: CommandLine, slices: Slices, folder: Path, **changed: object) -> str:
    content = written(folder / "answers.json", answers(slices.middle, **changed))
    drawn = written(folder / "annotations.json", marks(slices.middle))
    begin = ("report", slices.study, "--template", "gen-so", "--language", "fr")
    return str(command.json(*begin, "--answers", content, "--annotations", drawn)["draft"])


@pytest.fixture(scope="module")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A key of the reader's own as PKCS#12, its passphrase, and the authority that issued it."""
    folder = tmp_path_factory.mktemp("key")
    identity = make_identity(READER, system_clock, PASSPHRASE)
    files = folder / "key.p12", folder / "passphrase", folder / "ca.pem"
    for path, content in zip(files, (identity.pkcs12, f"{PASSPHRASE}\n".encode(), identity.ca_pem), strict=True):
        path.write_bytes(content)
    return files


@pytest.mark.validators
def test_an_accepted_gap_is_written_into_the_limits(command: CommandLine, slices: Slices, tmp_path: Path) -> None:
    unread = {key: "" if key == "received_by" else text for key, text in CRITICAL.items()}
    identifier = draft(command, slices, tmp_path, critical=unread)
    refused = command.json("sign", identifier, "--out", tmp_path / "signed", status=1)
    assert [one["id"] for one in refused["checks"]] == ["critical-incomplete"]
    assert "critical-incomplete" in refused["error"]["sentence"]
    assert not list((tmp_path / "signed").iterdir())
    signed = command.json("sign", identifier, "--out", tmp_path / "signed", "--accept", "critical-incomplete")
    (report,) = [one["path"] for one in signed["objects"] if one["role"] == "sr"]
    (limits,) = [line for line in judge("dsrdump", "+Pl", report).stdout.splitlines() if "Biologie" in line]
    assert "est consignée de façon incomplète : 1 champs sur six manquent." in limits


def test_a_signed_draft_is_not_signed_again(command: CommandLine, slices: Slices, tmp_path: Path) -> None:
    identifier = draft(command, slices, tmp_path)
    command.json("sign", identifier, "--out", tmp_path / "signed")
    assert command.refused("sign", identifier, "--out", tmp_path / "again")
    assert not list((tmp_path / "again").iterdir())


@pytest.mark.validators
def test_a_key_file_signs(
    command: CommandLine, slices: Slices, key_files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    key, passphrase, authority = key_files
    wrong = tmp_path / "wrong"
    wrong.write_text("another\n", encoding="utf-8")
    identifier = draft(command, slices, tmp_path)
    sign = ("sign", identifier, "--out", tmp_path / "signed", "--key", key)
    assert command.refused(*sign)
    assert command.refused(*sign, "--passphrase-file", wrong)
    signed = command.json(*sign, "--passphrase-file", passphrase)
    (report,) = [Path(one["path"]) for one in signed["objects"] if one["role"] == "sr"]
    assert signature_status(report, authority, "+rs") == 0
    assert all(one["valid"] for one in command.json("verify", report, "--ca", authority)["objects"])
    assert command.json("verify", report, status=1)["objects"][0]["trust"] != "trusted"


@pytest.mark.softhsm
@pytest.mark.validators
def test_a_token_signs(
    command: CommandLine, slices: Slices, key_files: tuple[Path, Path, Path], token: str, tmp_path: Path
) -> None:
    pin = tmp_path / "pin"
    pin.write_text(f"{PIN}\n", encoding="utf-8")
    identifier = draft(command, slices, tmp_path)
    sign = ("sign", identifier, "--out", tmp_path / "signed", "--pkcs11", MODULE)
    assert command.refused(*sign)
    assert command.refused(*sign, "--token", "another", "--pin-file", pin)
    signed = command.json(*sign, "--token", token, "--pin-file", pin)
    (report,) = [Path(one["path"]) for one in signed["objects"] if one["role"] == "sr"]
    assert signature_status(report, key_files[2], "+rs") == 0


@pytest.fixture(scope="module")
def token(key_files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Put the reader's own key and its certificate on a token, and give its label."""
    key, certificate, _chain = load_key_and_certificates(key_files[0].read_bytes(), PASSPHRASE.encode())
    assert isinstance(key, RSAPrivateKey)
    assert certificate is not None
    with tokens(tmp_path_factory.mktemp("softhsm"), "requis-card") as library:
        put_key(library, "requis-card", key, certificate, b"\x02")
        yield "requis-card"
