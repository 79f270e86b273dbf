"""Killed at any moment: what was acknowledged is there, and what was sent is sent once."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import requests

from tests.e2e.answered import prepared_reader
from tests.e2e.opinions import answers, marks, slices_of, written
from tests.support.command_line import REPOSITORY, CommandLine, command_line
from tests.support.fault_proxy import FaultProxy, far_away
from tests.support.hub_clients import client_of
from tests.support.placed_requests import place_like
from workstation.domain.request import RequestState

pytestmark = pytest.mark.e2e
LONGEST_MOMENT_S = 0.4
DELAY_S = 0.08


def killed_while_saving(command: CommandLine, moment_s: float) -> list[str]:
    """Let a reader write, kill it, and return every line that was acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.saving_reader"],
        env=command.environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(moment_s)
    process.kill()
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    return [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize("kills", [8, pytest.param(20, marks=pytest.mark.slow)])
def test_what_was_acknowledged_survives_every_kill(kills: int, tmp_path: Path) -> None:
    command, generator = command_line(tmp_path / "reader"), np.random.default_rng(20261122)
    command.json("outbox")
    acknowledged = 0
    for _ in range(kills):
        found, *numbers = killed_while_saving(command, float(generator.uniform(0.0, LONGEST_MOMENT_S)))
        _, typed, drawn, marks_found = found.split()
        assert marks_found == "whole"
        assert max(int(typed), int(drawn)) >= acknowledged
        assert int(drawn) >= acknowledged - acknowledged % 3
        acknowledged = max(acknowledged, *(int(number) for number in numbers), 0)
    assert acknowledged > kills


def kill_a_send(command: CommandLine, proxy: FaultProxy, after: int) -> bool:
    """Kill ``requis send`` once the hub has answered it some times; return whether it was killed in its work."""
    seen = len(proxy.seen)
    process = command.start("send", "--json")
    while len(proxy.seen) - seen < after and process.poll() is None:
        time.sleep(DELAY_S / 20)
    process.kill()
    process.communicate()
    return process.returncode != 0


def test_a_send_killed_at_every_step_sends_each_object_once(hub_url: str, tmp_path: Path) -> None:
    slices = slices_of("head-ct")
    with client_of(hub_url) as client, far_away(hub_url, DELAY_S) as proxy:
        request = place_like(client, "head-stroke")
        command = prepared_reader(tmp_path / "reader", proxy.url)
        command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / "head-ct")
        content = written(tmp_path / "answers.json", answers(slices.middle))
        drawn = written(tmp_path / "annotations.json", marks(slices.middle))
        draft = command.json(
            "report", request.id, "--template", "gen-so", "--answers", content, "--annotations", drawn
        )["draft"]
        signed = [one["sop_instance_uid"] for one in command.json("sign", draft, "--out", tmp_path)["objects"]]
        killed = [kill_a_send(command, proxy, after) for after in (1, 2, 3, 5, 4, 3)]
        assert sum(killed) >= 5
        sent = command.json("send")
        states = {one.id: one.state for one in client.requests(tuple(RequestState))}
    assert {one["state"] for one in sent["deliveries"]} == {"sent"}
    assert states[request.id] is RequestState.COMPLETED
    listed = requests.get(
        f"{hub_url}/studies/{slices.study}/instances", headers={"Accept": "application/dicom+json"}, timeout=30
    ).json()
    found = [one["00080018"]["Value"][0] for one in listed]
    assert [found.count(instance) for instance in signed] == [1] * len(signed)
