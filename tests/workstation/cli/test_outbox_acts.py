"""``requis outbox`` and ``requis audit`` from outside: what may be decided, what is then said, and who finds out."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.opinions import answers, slices_of, written
from tests.support.called_commands import CalledCommands
from tests.support.command_line import REPOSITORY
from tests.support.hub_clients import client_of
from tests.support.placed_requests import place_like
from tests.support.ports import free_port
from workstation.audit.events import EVENT_CODES, AuditEvent, Outcome, Subject
from workstation.domain.request import Request, RequestState
from workstation.embedded_hub.running import RunningHub


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CalledCommands:
    return CalledCommands(tmp_path / "profile", monkeypatch, capsys)


def prepared(command: CalledCommands, url: str) -> None:
    command.json("reader", "set", "--name", "READER^ONE", "--identifier", "10000000001", "--organisation", "Hospital")
    command.json("hub", "add", "hub", url)
    command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / "head-ct")


def signed(command: CalledCommands, target: str, folder: Path) -> tuple[str, list[str]]:
    """Write and sign a report; return its draft and the SOP Instance UIDs of its objects."""
    opinion = written(folder / "answers.json", answers(slices_of("head-ct").middle))
    draft = command.json("report", target, "--template", "gen-so", "--answers", opinion)["draft"]
    objects = command.json("sign", draft, "--out", folder)["objects"]
    return draft, [one["sop_instance_uid"] for one in objects]


def states(document: dict[str, object]) -> set[object]:
    deliveries = document["deliveries"]
    assert isinstance(deliveries, list)
    return {one["state"] for one in deliveries}


def lacking_for_a_message(line: dict[str, Any]) -> list[str]:
    """Return what a DICOM audit message about a line would lack. Source: PS3.15 A.5.2."""
    code = EVENT_CODES[AuditEvent(line["event"])]
    there = {
        "event identification": bool(code.value and code.scheme and code.meaning),
        "action": code.action in "CRUDE",
        "time with its zone": datetime.fromisoformat(line["at"]).tzinfo is not None,
        "outcome": line["outcome"] in {int(one) for one in Outcome},
        "active participant": bool(line["actor"]),
        "hub as a participant": bool(line["facts"].get("hub")) or not code.is_networked,
        "participant object": bool(line["object"]) == (code.about is not Subject.NONE),
    }
    return [name for name, is_there in there.items() if not is_there]


def signed_at(port: int, command: CalledCommands, folder: Path) -> tuple[Request, str, list[str]]:
    """Sign a report for a hub that was there, and is not when this returns; give request, draft and objects."""
    with RunningHub(folder / "hub", port) as hub, client_of(hub.url) as client:
        prepared(command, hub.url)
        request = place_like(client, "head-stroke")
        return request, *signed(command, request.id, folder)


def test_a_report_is_forced_held_and_cancelled_and_written_again_and_the_log_tells_it_all(
    command: CalledCommands, tmp_path: Path
) -> None:
    port = free_port()
    request, draft, objects = signed_at(port, command, tmp_path)
    forced = command.run("outbox", "force", draft)
    assert (forced.status, len(forced.said.splitlines())) == (1, 2)
    assert states(command.json("outbox", "hold", objects[0])) == {"held"}
    with RunningHub(tmp_path / "hub", port) as hub, client_of(hub.url) as client:
        waiting = command.json("send", status=1)
        assert states(waiting) == {"held"}
        assert {tuple(one["acts"]) for one in waiting["deliveries"]} == {("cancel", "release")}
        cancelled = command.json("outbox", "--json", "cancel", draft)
        assert states(cancelled) == {"cancelled"}
        done = command.json("send")
        assert states(done) == {"cancelled"}
        assert [one["state"] for one in done["requests"]] == ["cancelled"]
        command.refused("outbox", "cancel", objects[0])
        listed = {one.id: one.state for one in client.requests(tuple(RequestState))}
        assert listed[request.id] is RequestState.IN_PROGRESS
        again = command.json("sign", cancelled["draft"], "--out", tmp_path)
        sent = command.json("send")
        assert {one["sop_instance_uid"] for one in again["objects"]}.isdisjoint(objects)
        assert states(sent) == {"cancelled", "sent"}
        listed = {one.id: one.state for one in client.requests(tuple(RequestState))}
        assert listed[request.id] is RequestState.COMPLETED
    report = next(one["path"] for one in again["objects"] if one["role"] == "sr")
    checked = command.json("audit", "verify", "--report", report)
    assert (checked["sound"], checked["problems"]) == (True, [])
    lines = command.json("audit", "list")["lines"]
    assert {one["event"] for one in lines} == {
        "started", "stopped", "signed_in", "settings_changed", "imported", "queried", "claimed", "signed", "exported",
        "sending_forced", "sending_held", "sending_cancelled", "sent", "completed", "audit_read",
    }  # fmt: skip
    named = [one for one in lines if one["line"] > next(n["line"] for n in lines if n["actor"])]
    for one in named:
        assert lacking_for_a_message(one) == [], one


@pytest.mark.parametrize("arguments", [("hold",), ("burn", "2.25.1"), ("hold", "2.25.1", "2.25.2")], ids=" ".join)
def test_an_act_without_its_object_is_wrong_usage(arguments: tuple[str, ...], command: CalledCommands) -> None:
    assert command.run("outbox", *arguments).status == 2


def test_a_log_that_was_put_back_to_an_older_copy_fails_with_the_number_of_the_line(command: CalledCommands) -> None:
    command.json("audit", "verify")
    older = (command.home / "profile.db").read_bytes()
    lines = command.json("audit", "verify")["lines"]
    (command.home / "profile.db").write_bytes(older)
    failed = command.json("audit", "verify", status=1)
    assert {one["kind"] for one in failed["problems"]} <= {"cut_short", "rebuilt"}
    assert failed["problems"][0]["line"] <= lines + 1


def test_a_request_that_its_hub_does_not_let_be_completed_is_listed_and_said_why(
    command: CalledCommands, tmp_path: Path
) -> None:
    port = free_port()
    request, _draft, _objects = signed_at(port, command, tmp_path)
    with RunningHub(tmp_path / "hub-without-the-request", port):
        ran = command.run("send")
    assert ran.status == 1
    lines = [line.split() for line in ran.output.splitlines()]
    assert [line[-1] for line in lines] == ["sent"] * (len(lines) - 1) + ["waiting"]
    assert lines[-1][:3] == [request.id, "request", "hub"]
    assert len(ran.said.splitlines()) == 1
