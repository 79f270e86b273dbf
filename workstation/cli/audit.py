"""``requis audit``: who did what and when, and whether the log still says what was written."""

from pathlib import Path
from typing import TYPE_CHECKING

from workstation.audit.anchoring import read_anchor
from workstation.audit.chain import AuditHead, AuditLine
from workstation.audit.events import EVENT_CODES, AuditEvent
from workstation.audit.facts import read_facts
from workstation.cli.command import Invocation, Subparsers, add
from workstation.cli.errors import FileRefused, NoAnchor

if TYPE_CHECKING:
    from workstation.app.core import Core

_MOST_SAID = 20


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = subparsers.add_parser("audit", help="the audit log of the profile")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    check = add(actions, "verify", "whether the audit log was changed, cut short or written again", _verify)
    check.add_argument(
        "--report", type=Path, action="append", default=[], metavar="F.dcm",
        help="a signed report of this profile, fetched from where it was sent: the log must agree with it",
    )  # fmt: skip
    add(actions, "list", "every line of the audit log", _list)


def _verify(call: Invocation) -> int:
    with call.core() as core:
        known = tuple(_anchor_of(core, path) for path in call.arguments.report)
        head = core.store.audit.head()
        problems = core.store.audit.verify(known)
        lost = core.store.audit.lost_lines()
        core.store.audit.record_reading()
        words = core.words
    sentences = [words.text(f"audit.problem.{one.kind.value}", line=one.seq) for one in problems]
    found = [
        {"kind": one.kind.value, "line": one.seq, "sentence": sentence}
        for one, sentence in zip(problems, sentences, strict=True)
    ]
    if not problems:
        sentences = [words.text("audit.sound", lines=head.seq)]
    call.output.show(
        {"sound": not problems, "lines": head.seq, "lost": lost, "problems": found}, sentences[:_MOST_SAID]
    )
    if lost:
        call.output.say(words.text("audit.lost", lines=lost))
    if problems:
        call.output.say(words.text("audit.unsound", faults=len(problems)))
    return 1 if problems else 0


def _list(call: Invocation) -> int:
    with call.core() as core:
        lines = core.store.audit.lines()
        core.store.audit.record_reading()
    call.output.show({"lines": [_line(one) for one in lines]}, [_text(one) for one in lines])
    return 0


def _anchor_of(core: "Core", path: Path) -> AuditHead:
    try:
        part10 = path.read_bytes()
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(path)) from error
    header = core.decoder.inspect(part10).header
    for item in header.items("ContributingEquipmentSequence"):
        found = read_anchor(item.text("ContributionDescription"))
        if found is not None:
            return found
    raise NoAnchor("no head of an audit log in the report", path=str(path))


def _line(one: AuditLine) -> dict[str, object]:
    code = EVENT_CODES[one.event] if isinstance(one.event, AuditEvent) else None
    return {
        "line": one.seq,
        "at": one.at,
        "actor": one.actor,
        "event": one.event,
        "code": code.value if code else None,
        "object": one.object,
        "outcome": int(one.outcome),
        "facts": dict(read_facts(one.detail)),
    }


def _text(one: AuditLine) -> str:
    return "  ".join((str(one.seq), one.at, one.actor or "-", str(one.event), one.object or "-", one.detail)).rstrip()
