"""Fills a hub with the demonstration, over the same doors that requesters and modalities use."""

from collections.abc import Callable, Iterator

from workstation.demonstration.cases import DemonstrationCase, load_cases, study_files
from workstation.domain.clock import Clock
from workstation.domain.request import RequestState
from workstation.hub.errors import StoreRefused
from workstation.hub.protocol import HubClient

_BATCH = 32


def fill(client: HubClient, clock: Clock, progress: Callable[[int], None] = lambda _stored: None) -> int:
    """Store studies and first reports and place the requests; return how many requests were placed.

    A hub that has the requests already, in whatever state, is left as it is.

    Raises
    ------
    StoreRefused
        The hub did not take an instance.
    """
    cases = load_cases(clock(), client.settings.name)
    present = {request.id for request in client.requests(tuple(RequestState))}
    missing = [case for case in cases if case.request.id not in present]
    stored = 0
    for batch in _batches(_objects(missing)):
        outcome = client.store(batch)
        if outcome.failed:
            raise StoreRefused(f"{len(outcome.failed)} instances were not taken", hub=client.settings.name)
        stored += len(batch)
        progress(stored)
    for case in missing:
        client.place(case.request)
    return len(missing)


def _objects(cases: list[DemonstrationCase]) -> Iterator[bytes]:
    # Loaded with the first case that is missing: fpdf takes a second, and most hubs are filled already.
    from workstation.demonstration.first_report import build_first_report

    for case in cases:
        for folder in case.folders:
            yield from study_files(folder)
        yield build_first_report(case)


def _batches(objects: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for one in objects:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
