"""Who signs: the demonstration identity, a key file, a token; and what a reader must accept before."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.answered import prepared_reader
from tests.e2e.opinions import CRITICAL, Slices, answers, marks, slices_of, written
from tests.support.command_line import REPOSITORY, CommandLine
from tests.support.validators import judge, signature_status
from workstation.domain.clock import system_clock
from workstation.domain.reader import Reader
from workstation.signing.demonstration import make_identity

pytestmark = pytest.mark.e2e
READER = Reader("LEFÈVRE^Zoé", "10003456789", "CHU de Saint-Étienne")
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
LABEL, PIN = "requis-card", "12345678"


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
    identity = make_identity(READER, system_clock, "a key of my own")
    files = folder / "key.p12", folder / "passphrase", folder / "ca.pem"
    for path, content in zip(files, (identity.pkcs12, b"a key of my own\n", identity.ca_pem), strict=True):
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
    command: CommandLine, slices: Slices, key_files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    with_token = replace(command, extra=token_of(key_files, tmp_path))
    pin = tmp_path / "pin"
    pin.write_text(f"{PIN}\n", encoding="utf-8")
    identifier = draft(command, slices, tmp_path)
    sign = ("sign", identifier, "--out", tmp_path / "signed", "--pkcs11", MODULE)
    assert with_token.refused(*sign)
    assert with_token.refused(*sign, "--token", "another", "--pin-file", pin)
    signed = with_token.json(*sign, "--token", LABEL, "--pin-file", pin)
    (report,) = [Path(one["path"]) for one in signed["objects"] if one["role"] == "sr"]
    assert signature_status(report, key_files[2], "+rs") == 0


def token_of(key_files: tuple[Path, Path, Path], folder: Path) -> dict[str, str]:
    """Put the key and its certificate on a SoftHSM token, as a card would hold them."""
    if not MODULE.exists():
        pytest.skip("SoftHSM is absent")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    environment = {"SOFTHSM2_CONF": str(configuration), "PATH": "/usr/bin:/bin"}
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    source = ["openssl", "pkcs12", "-in", str(key_files[0]), "-passin", f"file:{key_files[1]}"]
    for command in (
        [*source, "-nocerts", "-noenc", "-out", str(key)],
        [*source, "-nokeys", "-clcerts", "-out", str(certificate)],
        ["openssl", "pkcs8", "-topk8", "-nocrypt", "-in", str(key), "-out", str(folder / "key8.pem")],
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN],
        [
            "softhsm2-util", "--import", str(folder / "key8.pem"), "--token", LABEL, "--label", "signing",
            "--id", "02", "--pin", PIN,
        ],
        [
            "pkcs11-tool", "--module", str(MODULE), "--token-label", LABEL, "--pin", PIN, "--write-object",
            str(certificate), "--type", "cert", "--id", "02", "--label", "signing",
        ],
    ):  # fmt: skip
        if subprocess.run(["which", command[0]], capture_output=True, check=False).returncode:
            pytest.skip(f"{command[0]} is absent")
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    return {"SOFTHSM2_CONF": str(configuration)}
