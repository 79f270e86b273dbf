"""A pull that is stopped while its hub accepts every question and says nothing: it ends at once, whatever was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.support.hub_clients import client_of, inspect
from tests.support.imitated_hub import ImitatedHub, imitated
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, series_of, slice_of
from tests.workstation.retrieval.test_hub_retrieval import Kept, retrieval
from tests.workstation.store.samples import HUB, make_request
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import HubFindings
from workstation.domain.strategy import ONE_BY_ONE
from workstation.domain.study import StudyReference
from workstation.hub.directory import HubDirectory
from workstation.hub.door import Cancelled
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub
from workstation.reading.preview import Previews
from workstation.retrieval.errors import RetrievalCancelled, SomeoneElsesImages
from workstation.retrieval.strategies import Strategies
from workstation.runtime.executor import Executor, Pool

# Far above what an end at once takes, far below the patience with a hub.
BOUND_S = 8.0
PATIENCE_S = 30.0
Is = Callable[[str], bool]
SILENT: dict[str, Is] = {
    "to everything": lambda _path: True,
    "asked for the series": lambda path: path.endswith("/series"),
    "asked whose it is": lambda path: path == "/studies",
    "asked for the images": lambda path: path.endswith(f"/series/{SERIES}"),
    "asked for the list of a series": lambda path: path.endswith("/instances"),
}


@contextmanager
def falling_silent(is_silent: Is) -> Iterator[tuple[ImitatedHub, threading.Event]]:
    """Run a hub that answers some questions never; the event tells that one of them is there."""
    over, is_asked = threading.Event(), threading.Event()

    def status(path: str) -> int:
        if is_silent(path):
            is_asked.set()
            over.wait(PATIENCE_S)
        return 200

    with imitated(series_of(4), status_of=status) as hub:
        try:
            yield hub, is_asked
        finally:
            over.set()


@pytest.mark.parametrize("is_silent", SILENT.values(), ids=SILENT)
def test_n2_a_pull_that_is_stopped_ends_at_once_whatever_its_hub_is_silent_about(desk: Desk, is_silent: Is) -> None:
    stop, raised = threading.Event(), []

    def pull(client: HubClient) -> None:
        try:
            retrieval(desk, Kept()).pull(client, STUDY, cancelled=stop.is_set)
        except RetrievalCancelled as error:
            raised.append(error)

    with falling_silent(is_silent) as (hub, is_asked), client_of(hub.stub.url) as client:
        pulling = threading.Thread(target=pull, args=(client,), daemon=True)
        pulling.start()
        assert is_asked.wait(BOUND_S)
        stop.set()
        pulling.join(BOUND_S)
        assert not pulling.is_alive()
    assert raised


def pull(desk: Desk, hubs: HubDirectory, cancelled: Cancelled) -> object:
    return retrieval(desk, Kept()).pull(hubs.reading(HUB), STUDY, cancelled=cancelled)


def preview(desk: Desk, hubs: HubDirectory, cancelled: Cancelled) -> object:
    strategies = Strategies(Kept(), str, lambda: datetime.now(UTC), lambda look: look())
    request = replace(make_request(), hub=HUB, studies=(StudyReference(STUDY, HUB),))
    return Previews(hubs, desk.pool, strategies, print).of(request, cancelled)


@pytest.mark.parametrize("work", [pull, preview])
def test_n2_closing_does_not_wait_for_a_hub_that_is_silent(
    desk: Desk, work: Callable[[Desk, HubDirectory, Cancelled], object]
) -> None:
    executor = Executor(lambda call: call())
    with falling_silent(SILENT["to everything"]) as (hub, is_asked):
        settings = HubSettings(HUB, hub.stub.url)
        hubs = HubDirectory(lambda: (settings,), lambda one: open_hub(one, inspect))
        executor.run(Pool.NETWORK, lambda job: work(desk, hubs, lambda: job.is_cancelled), print, print)
        assert is_asked.wait(BOUND_S)
        closing = threading.Thread(target=executor.close, daemon=True)
        closing.start()
        closing.join(BOUND_S)
        assert not closing.is_alive()
        hubs.close()


def test_someone_elses_image_is_told_without_waiting_for_a_list(desk: Desk) -> None:
    strategy = HubFindings(datetime.now(UTC), "", "", strategy=ONE_BY_ONE)
    with falling_silent(SILENT["asked for the list of a series"]) as (hub, _):
        hub.instead = slice_of(9, PatientID="P2")
        found, told = replace(strategy, url=hub.stub.url), threading.Event()
        with client_of(hub.stub.url, HUB) as client:

            def pull() -> None:
                with pytest.raises(SomeoneElsesImages):
                    retrieval(desk, Kept({HUB: found})).pull(client, STUDY)
                told.set()

            pulling = threading.Thread(target=pull, daemon=True)
            pulling.start()
            pulling.join(BOUND_S)
            assert told.is_set()
    assert desk.is_empty()
