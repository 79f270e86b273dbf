"""Claims: a transaction is kept as long as the hub may know it, and not longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.workstation.store.samples import KEY, READER, fixed_clock, make_request, open_database
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import HubRefused, HubUnreachable, RequestClosed
from workstation.store.audit import AuditLog
from workstation.store.requests import ClaimStore, RequestStore
from workstation.worklist.worklist import Worklist


class FailingHubs:
    """Hubs whose every claim ends in one error."""

    def __init__(self, error: WorkstationError) -> None:
        self._error = error

    def client(self, _name: str) -> "FailingHubs":
        return self

    def claim(self, *_claim: object) -> None:
        raise self._error


@contextmanager
def worklist(folder: Path, error: WorkstationError) -> Iterator[Worklist]:
    database = open_database(folder)
    hubs = cast("HubDirectory", FailingHubs(error))
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    yield Worklist(hubs, claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock))
    database.close()


@pytest.mark.parametrize("error", [HubRefused("403", hub="h"), RequestClosed("completed", hub="h")])
def test_a_claim_that_the_hub_refuses_is_not_ours(tmp_path: Path, error: WorkstationError) -> None:
    with worklist(tmp_path, error) as one:
        with pytest.raises(type(error)):
            one.claim(make_request())
        assert not one.is_mine(make_request())


def test_a_claim_without_an_answer_may_be_ours(tmp_path: Path) -> None:
    with worklist(tmp_path, HubUnreachable("cut", hub="h")) as one:
        with pytest.raises(HubUnreachable):
            one.claim(make_request())
        assert one.is_mine(make_request())
