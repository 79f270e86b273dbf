"""The network goes and comes back: a case is read, written and signed meanwhile, and everything arrives by itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.e2e.opinions import answers, marks, slices_of
from tests.support.command_line import REPOSITORY, CommandLine, command_line
from tests.support.hub_clients import client_of
from tests.support.patience import PATIENCE_MS
from tests.support.placed_requests import place_like
from tests.support.ports import free_port
from tests.workstation.outbox.outbox_bench import HandClock
from viewers.annotations import archive
from viewers.identifiers import AnnotationId
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.domain.delivery import CompletionState, Delivery, DeliveryState
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.domain.request import Request, RequestState
from workstation.hub.errors import HubUnreachable
from workstation.hub.pace import LONGEST_OPEN_S
from workstation.reading.opening import Opening
from workstation.report.answers import parse_answers
from workstation.report.template import template
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.main_window import MainWindow
from workstation.shell.outbox_controller import RETRY_MS, OutboxController
from workstation.shell.outbox_page import OutboxPage
from workstation.translations import languages, translator

READER = Reader("READER^ONE", "10000000001", "Hospital")
STUDY = REPOSITORY / "resources" / "demonstration" / "studies" / "head-ct"
TRIES = 8


@contextmanager
def hub_process(command: CommandLine, port: int) -> Iterator[str]:
    """Run a hub of its own process, on the same port and folder each time, and kill it at the end."""
    process = command.start("hub", "serve", "--port", str(port), "--data", command.folder / "hub")
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def opening_of(core: Core) -> Opening:
    return Opening(
        core.worklist,
        core.hubs,
        core.retrieval,
        core.lossy_previews,
        core.store.catalogue,
        core.drafting,
        core.store.audit,
        core.store.library,
    )


def signed_offline(core: Core, request: Request) -> None:
    """Open the case that is held, write it and sign it, as the window does."""
    case = opening_of(core).open(request, READER, "fr")
    assert case.offline
    assert core.images.volumes(case.draft.study, case.studies[0].series[0].uid)
    middle = slices_of("head-ct").middle
    written = parse_answers(json.dumps(answers(middle)).encode(), template("gen-so"))
    drawn = archive.read(json.dumps(marks(middle)[:1]), lambda: AnnotationId("m"))
    draft = core.drafting.begin(case.draft.study, request, READER, "fr", answers=written, annotations=drawn)
    with core.signers.open(READER, None) as signer:
        checks = [one.id for one in core.finishing.checks(draft, READER, demonstration=True)]
        prepared = core.finishing.prepare(draft, READER, checks, demonstration=True)
        core.finishing.sign(prepared, signer)


def test_a_case_that_was_never_claimed_is_not_opened_while_the_hub_is_away(tmp_path: Path) -> None:
    command, port = command_line(tmp_path), free_port()
    with open_core(Profile(tmp_path / "profile"), None, passphrase="a passphrase") as core:
        core.store.settings.set_reader(READER)
        with hub_process(command, port) as url:
            core.store.settings.add_hub(HubSettings(HubName("hub"), url))
            with client_of(url) as client:
                request = place_like(client, "head-stroke")
            core.importer.import_paths([STUDY])
            request = core.worklist.find(request.id)
        # The first try leaves a claim behind that the hub never heard of.
        for _ in range(2):
            with pytest.raises(HubUnreachable):
                opening_of(core).open(request, READER, "fr")


def test_what_was_signed_offline_arrives_within_a_minute_of_the_networks_return(qtbot: QtBot, tmp_path: Path) -> None:
    command, port, clock = command_line(tmp_path), free_port(), HandClock(system_clock())
    with open_core(Profile(tmp_path / "profile"), None, passphrase="a passphrase", clock=clock) as core:
        core.store.settings.set_reader(READER)
        with hub_process(command, port) as url:
            core.store.settings.add_hub(HubSettings(HubName("hub"), url))
            with client_of(url) as client:
                request = place_like(client, "head-stroke")
            core.importer.import_paths([STUDY])
            request = core.worklist.claim(core.worklist.find(request.id))
        signed_offline(core, request)
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        words = translator("en")
        window, page = MainWindow(words, languages()), OutboxPage(words)
        qtbot.addWidget(window)
        window.add_page("outbox", page, "Ctrl+3")
        controller = OutboxController(
            window, page, core.store, core.courier, core.completer, core.reverification, executor, lambda: words,
            retry_ms=50,
        )  # fmt: skip

        def first() -> Delivery:
            return core.store.outbox.deliveries()[0]

        def tried_for_an_hour() -> bool:
            clock.pass_by(seconds=20)
            return first().attempts > TRIES

        qtbot.waitUntil(tried_for_an_hour, timeout=PATIENCE_MS)
        assert all(one.state is DeliveryState.PENDING and one.reason for one in core.store.outbox.deliveries())
        # The circuit to the hub counts real seconds, not those of this clock: its part of the minute goes by here.
        qtbot.wait(round(LONGEST_OPEN_S * 1000))
        # The window looks whether something is due once in so long; the rest of the minute is left for the waits.
        left_s = [60 - RETRY_MS // 1000 - round(LONGEST_OPEN_S)]

        def completed() -> bool:
            if left_s[0] > 0:
                left_s[0] -= 1
                clock.pass_by(seconds=1)
            return {one.state for one in core.store.completions.completions()} == {CompletionState.COMPLETED}

        with hub_process(command, port) as url:
            qtbot.waitUntil(completed, timeout=PATIENCE_MS)
            assert {one.state for one in core.store.outbox.deliveries()} == {DeliveryState.SENT}
            with client_of(url) as client:
                states = {one.id: one.state for one in client.requests(tuple(RequestState))}
            assert states[request.id] is RequestState.COMPLETED
            controller.close()
            executor.close()
