"""``requis verify``: integrity, signer, trust, time and coverage of a file, or of a study's signed objects."""

from pathlib import Path

from viewers.identifiers import StudyUID
from workstation.cli.command import Invocation, Subparsers, add
from workstation.cli.errors import FileRefused
from workstation.signing.verdict import verdicts_to_json


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = add(subparsers, "verify", "verify a signed SR or PDF, or those of a study", _verify)
    parser.add_argument("target", metavar="FILE|STUDY_UID")
    parser.add_argument("--ca", type=Path, metavar="F.pem", help="trust this authority instead of the profile's list")


def _verify(call: Invocation) -> int:
    # Certificates are loaded by the one command that needs them without a profile's services.
    from workstation.signing.trust import TrustList

    target, ca = call.arguments.target, call.arguments.ca
    path = Path(target)
    with call.core() as core:
        trust = TrustList.from_pem(_content(ca), "--ca") if ca else None
        extra: dict[str, object] = {}
        if path.is_file():
            verdicts = core.verification.of_bytes(_content(path), trust)
        elif set(target) <= set("0123456789."):
            found = core.verification.of_study(StudyUID(target), trust)
            verdicts = found.verdicts
            extra["unsigned_by_others"] = [reference.instance for reference in found.unsigned_by_others]
            extra["unreachable"] = list(found.unreachable)
        else:
            raise FileRefused("neither a file nor a study UID", path=path.name or target)
        words = core.words
    lines = [words.text(sentence.key, **sentence.details) for verdict in verdicts for sentence in verdict.sentences()]
    call.output.show({**verdicts_to_json(verdicts), **extra}, lines)
    return 0 if verdicts and all(verdict.valid for verdict in verdicts) else 1


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(f"cannot read the file: {error.strerror}", path=path.name) from error
