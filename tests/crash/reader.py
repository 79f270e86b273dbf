"""A reader who writes, signs and sends without a pause, on the real core, until killed.

What is safe is said only then: after the commit.
"""

import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from tests.crash.fork_server import say
from tests.crash.planting import open_planted_connections, plant_fault_point, plant_mutant
from tests.crash.work import HUB, READER, at_version, is_whole, keyring_at, signed_objects, study_of, version_of
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.domain.delivery import Completion, DeliveryState
from workstation.domain.report import Answers, Draft
from workstation.domain.request import RequestKey
from workstation.domain.study import InstanceReference
from workstation.translations import translator

MOST_WAITING = 12
LONGEST_PAUSE_S = 0.01
# Read once, before the forks, what every life would read again.
signed_objects(study_of(0), 1)
translator("en")


class Life:
    """One life of the reader, from a start to a kill."""

    def __init__(self, core: Core, seed: int) -> None:
        self._core = core
        self._chance = np.random.default_rng(seed)
        self._signed = threading.Event()
        self._pause = threading.Event()

    def write(self) -> None:
        """Tell what was found, then draft, draw and sign for ever."""
        for draft in self._core.store.drafts.open_drafts():
            say({"found": draft.id, "version": version_of(draft), "whole": is_whole(draft)})
        while True:
            draft = self._next_draft()
            for _ in range(int(self._chance.integers(1, 4))):
                draft = at_version(draft, version_of(draft) + 1)
                self._core.drafting.save(draft)
                say({"draft": draft.id, "version": version_of(draft)})
                self._pause.wait(self._chance.uniform(0.0, LONGEST_PAUSE_S))
            if self._waiting() < MOST_WAITING:
                self._sign(draft)

    def send(self) -> None:
        """Deliver and complete for ever, each failure included."""
        while True:
            self._signed.wait(LONGEST_PAUSE_S)
            self._signed.clear()
            if sent := self._core.courier.deliver(force=True):
                say({"sent": sent})
            self._core.completer.complete(force=True)

    def _waiting(self) -> int:
        with self._core.store.database.read() as connection:
            query = "SELECT count(*) FROM deliveries WHERE state <> ?"
            row = connection.execute(query, (DeliveryState.SENT.value,)).fetchone()
        assert row is not None
        return int(str(row[0]))

    def _next_draft(self) -> Draft:
        drafts = self._core.store.drafts
        if open_ones := drafts.open_drafts():
            return open_ones[0]
        number = int(self._chance.integers(1 << 30))
        unanswered = (one for one in self._core.store.requests.all() if not drafts.for_request(one.id))
        request = next(unanswered, None) if number % 2 else None
        study = request.studies[0].study if request else study_of(number)
        draft = self._core.drafting.begin(study, request, READER, "fr", answers=Answers())
        say({"draft": draft.id, "version": 0})
        return draft

    def _sign(self, draft: Draft) -> None:
        objects = signed_objects(draft.study, int(self._chance.integers(1, 3)))
        completion = None
        if draft.request is not None:
            transaction = self._core.store.claims.transaction(RequestKey(draft.request, HUB))
            assert transaction is not None
            outputs = tuple(InstanceReference(one.study, one.series, one.instance, one.sop_class) for one in objects)
            completion = Completion(draft.id, draft.request, HUB, transaction, outputs, draft.created, system_clock())
        self._core.store.outbox.enqueue(
            draft.id, draft.request, HUB, objects, demonstration=False, completion=completion, composed=draft
        )
        say({"signed": draft.id, "objects": [[one.instance, one.sha256] for one in objects], "request": draft.request})
        self._signed.set()


def main(home: str, secrets: str, seed: int, mutant: str, fault_point: str, number: int) -> None:
    """Live until killed."""
    sys.stdout = sys.stderr
    open_planted_connections()
    if mutant:
        plant_mutant(mutant)
    with open_core(Profile(Path(home)), keyring_at(Path(secrets))) as core:
        say({"awake": seed})
        if fault_point:
            plant_fault_point(fault_point, number)
        life = Life(core, seed)
        threading.Thread(target=_end_aloud, args=(life.send,), daemon=True).start()
        life.write()


def _end_aloud(work: Any) -> None:
    try:
        work()
    except BaseException as error:
        say({"failed": repr(error)})
        raise
