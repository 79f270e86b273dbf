"""A dead owner's lease on this machine is free at once; one of elsewhere runs out."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.store.samples import HUB
from workstation.outbox.ownership import boot_id, is_dead, new_owner
from workstation.store.outbox import Lease


def owner_that_ended() -> str:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{boot_id()}:{process.pid}:x"


def test_this_process_lives_and_each_owner_has_a_name_of_its_own() -> None:
    first, second = new_owner(), new_owner()
    assert first != second
    assert first.split(":")[1] == str(os.getpid())
    assert not is_dead(first)


def test_a_process_that_ended_is_dead_also_before_its_parent_asks() -> None:
    assert is_dead(owner_that_ended())
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(f"{boot_id()}:{process.pid}:x")
    process.stdout.close()
    process.wait()


@pytest.mark.parametrize("owner", ["", "window", "::", ":1:x", "another-start:{here}:x", "another-start:1:x"])
def test_nothing_is_known_of_an_owner_of_elsewhere(owner: str) -> None:
    assert not is_dead(owner.format(here=os.getpid()))


def test_only_the_leases_of_the_dead_are_freed(tmp_path: Path) -> None:
    bench = OutboxBench(tmp_path, {HUB: "http://127.0.0.1:9/dicom-web"})
    until = bench.clock() + timedelta(minutes=5)
    owners = {owner_that_ended(): True, new_owner(): False, "another-start:7:x": False}
    for number, owner in enumerate(owners):
        (delivery,) = bench.sign((real_object(number),), f"d{number}")
        assert bench.outbox.lease(delivery.id, Lease(owner, until))
    bench.outbox.forget_leases(is_dead)
    free = {one.draft for one in bench.outbox.deliveries() if bench.outbox.lease(one.id, Lease("next", until))}
    assert free == {"d0"}
    bench.clock.pass_by(minutes=6)
    assert all(bench.outbox.lease(one.id, Lease("next", until)) for one in bench.outbox.deliveries())
    bench.close()


def test_a_lease_of_a_clock_that_was_ahead_is_no_lease(tmp_path: Path) -> None:
    bench = OutboxBench(tmp_path, {HUB: "http://127.0.0.1:9/dicom-web"})
    (delivery,) = bench.sign((real_object(1),))
    assert bench.outbox.lease(delivery.id, Lease("elsewhere:1:x", bench.clock() + timedelta(days=300)))
    assert bench.outbox.lease(delivery.id, Lease("next", bench.clock() + timedelta(minutes=5)))
    bench.close()
