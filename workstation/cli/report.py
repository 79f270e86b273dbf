"""``requis report`` and ``requis sign``: their arguments."""

from pathlib import Path

from workstation.cli.command import Invocation, Subparsers, add

_SIGNED_FOLDER = "requis-signed"


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    report = add(subparsers, "report", "a draft from answers and annotations", _report)
    report.add_argument("target", metavar="STUDY_UID|REQUEST")
    report.add_argument("--hub", help="the hub whose request is meant, where several have one of this name")
    report.add_argument("--template", required=True, metavar="ID")
    report.add_argument("--answers", required=True, type=Path, metavar="F.json")
    report.add_argument("--annotations", type=Path, metavar="F.json")
    report.add_argument("--language", choices=("fr", "en"))
    report.add_argument("--draft", action="store_true", help="keep it although required sections are missing")
    sign = add(subparsers, "sign", "sign a draft and queue its objects", _sign)
    sign.add_argument("draft")
    sign.add_argument("--key", type=Path, metavar="F.p12")
    sign.add_argument("--passphrase-file", type=Path, metavar="F", help="of the key file, or of the profile's signer")
    sign.add_argument("--pkcs11", type=Path, metavar="MODULE")
    sign.add_argument("--token", metavar="LABEL")
    sign.add_argument("--pin-file", type=Path)
    sign.add_argument("--accept", action="append", default=[], metavar="CHECK")
    sign.add_argument("--hub", help="where the report goes when no request says so")
    sign.add_argument("--out", type=Path, default=Path(_SIGNED_FOLDER), help="folder for unencrypted copies")


def _report(call: Invocation) -> int:
    # Reports, DICOM and signatures are loaded by the two commands that need them.
    from workstation.cli.reporting import report

    return report(call)


def _sign(call: Invocation) -> int:
    # As above.
    from workstation.cli.reporting import sign

    return sign(call)
