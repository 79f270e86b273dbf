"""The chain of the audit log: each line carries an HMAC over itself and over the line before.

A plain hash chain misses a log that was cut short or built again; a keyed one, with its head known elsewhere, does not.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act. ``at`` is ISO 8601 with its zone; ``object`` names a study or a request, never a person.

    ``event`` and ``outcome`` are an ``AuditEvent`` and an ``Outcome``, or whatever stands in an altered line.
    """

    seq: int
    at: str
    actor: str
    event: str
    object: str
    outcome: int
    detail: str = ""
    mac: str = ""


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last line of a log at some moment, kept elsewhere to notice that later the log was cut short."""

    seq: int
    mac: str


class ProblemKind(StrEnum):
    """What is wrong with a log."""

    ALTERED = "altered"
    OUT_OF_ORDER = "out_of_order"
    CUT_SHORT = "cut_short"
    REBUILT = "rebuilt"
    ANCHORS_ALTERED = "anchors_altered"


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """One fault of a log, at the first line that shows it."""

    kind: ProblemKind
    seq: int


def chain(previous_mac: str, line: AuditLine, key: bytes) -> AuditLine:
    """Return ``line`` bound to the one before it; the first line follows ``GENESIS``."""
    return replace(line, mac=_mac(previous_mac, line, key))


def verify(lines: Iterable[AuditLine], key: bytes, *heads: AuditHead | None) -> tuple[AuditProblem, ...]:
    """Return every fault of a whole log, which is read once; ``heads`` are known from elsewhere."""
    problems: list[AuditProblem] = []
    known: dict[int, set[str]] = {}
    for head in heads:
        if head is not None and head.seq > 0:
            known.setdefault(head.seq, set()).add(head.mac)
    previous, expected = GENESIS, 1
    for line in lines:
        if line.seq != expected:
            problems.append(AuditProblem(ProblemKind.OUT_OF_ORDER, expected))
        if not hmac.compare_digest(_mac(previous, line, key).encode(), line.mac.encode()):
            problems.append(AuditProblem(ProblemKind.ALTERED, line.seq))
        if known.pop(line.seq, {line.mac}) != {line.mac}:
            problems.append(AuditProblem(ProblemKind.REBUILT, line.seq))
        previous, expected = line.mac, line.seq + 1
    if any(seq >= expected for seq in known):
        problems.append(AuditProblem(ProblemKind.CUT_SHORT, expected))
    return tuple(problems)


def _mac(previous_mac: str, line: AuditLine, key: bytes) -> str:
    fields = (
        previous_mac,
        str(line.seq),
        line.at,
        line.actor,
        str(line.event),
        line.object,
        str(int(line.outcome)),
        line.detail,
    )
    # Each field is preceded by its length: no two different lines give the same bytes.
    encoded = [field.encode("utf-8") for field in fields]
    message = b"".join(len(field).to_bytes(4, "big") + field for field in encoded)
    return hmac.digest(key, message, "sha256").hex()
