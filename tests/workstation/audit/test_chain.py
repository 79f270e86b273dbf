"""The audit chain finds every way to lie about the past."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from workstation.audit.anchoring import anchor_text, read_anchor
from workstation.audit.chain import GENESIS, AuditHead, AuditLine, ProblemKind, chain, verify
from workstation.audit.events import EVENT_CODES, AuditEvent, Outcome
from workstation.audit.facts import facts, read_facts

KEY = bytes(range(32))


def build(count: int, key: bytes = KEY) -> list[AuditLine]:
    lines: list[AuditLine] = []
    previous = GENESIS
    for seq in range(1, count + 1):
        line = AuditLine(seq, "2026-11-22T08:00:00+00:00", "reader", AuditEvent.OPENED, f"1.2.{seq}", Outcome.SUCCESS)
        lines.append(chain(previous, line, key))
        previous = lines[-1].mac
    return lines


def kinds(lines: Sequence[AuditLine], head: AuditHead | None) -> set[ProblemKind]:
    return {problem.kind for problem in verify(lines, KEY, head)}


def head_of(lines: Sequence[AuditLine]) -> AuditHead:
    return AuditHead(lines[-1].seq, lines[-1].mac)


def test_an_honest_log_has_no_fault() -> None:
    lines = build(20)
    assert verify(lines, KEY, head_of(lines)) == ()
    assert verify(lines, KEY, head_of(lines[:7])) == ()
    assert verify([], KEY, None) == ()


@pytest.mark.parametrize(
    "alter",
    [
        lambda line: replace(line, actor="other"),
        lambda line: replace(line, object="9.9"),
        lambda line: replace(line, at="2020-01-01T00:00:00+00:00"),
        lambda line: replace(line, detail="x"),
        lambda line: replace(line, outcome=Outcome.MAJOR_FAILURE),
        lambda line: replace(line, event=AuditEvent.SIGNED),
    ],
)
def test_an_edited_line_is_found(alter: Callable[[AuditLine], AuditLine]) -> None:
    lines = build(20)
    lines[9] = alter(lines[9])
    assert ProblemKind.ALTERED in kinds(lines, None)


def test_a_deleted_line_is_found() -> None:
    lines = build(20)
    assert kinds(lines[:9] + lines[10:], None) == {ProblemKind.OUT_OF_ORDER, ProblemKind.ALTERED}


def test_exchanged_lines_are_found() -> None:
    lines = build(20)
    lines[3], lines[4] = lines[4], lines[3]
    assert ProblemKind.OUT_OF_ORDER in kinds(lines, None)


def test_a_log_cut_short_is_found_by_its_head() -> None:
    lines = build(20)
    assert kinds(lines[:15], None) == set()
    assert kinds(lines[:15], head_of(lines)) == {ProblemKind.CUT_SHORT}
    assert kinds([], head_of(lines)) == {ProblemKind.CUT_SHORT}


def test_a_log_built_again_is_found() -> None:
    lines = build(20)
    assert ProblemKind.ALTERED in kinds(build(20, bytes(32)), None)
    changed = [replace(line, actor="other") for line in lines]
    rebuilt: list[AuditLine] = []
    for line in changed:
        rebuilt.append(chain(rebuilt[-1].mac if rebuilt else GENESIS, line, KEY))
    assert kinds(rebuilt, head_of(lines)) == {ProblemKind.REBUILT}


def test_text_cannot_slide_between_fields() -> None:
    one = build(1)[0]
    moved = replace(one, at=one.at + one.actor[0], actor=one.actor[1:])
    assert kinds([moved], None) == {ProblemKind.ALTERED}


def test_every_event_has_a_code() -> None:
    assert set(EVENT_CODES) == set(AuditEvent)
    assert EVENT_CODES[AuditEvent.OPENED].value == "110103"


def test_ten_thousand_lines_are_verified_quickly() -> None:
    lines = build(10_000)
    started = time.process_time()
    assert verify(lines, KEY, head_of(lines)) == ()
    assert time.process_time() - started < 2


def test_facts_are_read_as_they_were_written_and_plain_text_is_one_fact() -> None:
    assert read_facts(facts(hub="é", role="", count=2)) == {"hub": "é", "count": 2}
    assert read_facts("12") == {"text": "12"}
    assert read_facts("") == {}


def test_the_head_in_a_report_is_read_back() -> None:
    head = head_of(build(3))
    assert read_anchor(f"Written and signed. Audit {anchor_text(head)}.   ") == head
    assert read_anchor("Written and signed.") is None


@pytest.mark.parametrize("event", list(AuditEvent))
def test_a_message_can_be_made_of_every_event(event: AuditEvent) -> None:
    code = EVENT_CODES[event]
    assert code.scheme in ("DCM", "99REQUIS")
    assert code.action in "CRUDE"
    assert code.kind is None or code.kind[0].startswith("1101")
