"""What comes first of a case: the series that its request names as the key."""

from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from tests.support.patience import PATIENCE_MS
from tests.workstation.store.samples import make_request
from viewers.identifiers import InstanceUID, SeriesUID
from workstation.reading.priors import FoundPriors
from workstation.retrieval.errors import NothingThere
from workstation.retrieval.interest import Interest
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.case_loader import CaseLoader
from workstation.shell.case_services import CaseServices

pytestmark = pytest.mark.qt
KEY, OTHERS = SeriesUID("1.2.3.4"), (SeriesUID("1.2.3.1"), SeriesUID("1.2.3.2"))


def test_the_key_series_of_a_request_come_first_until_the_reader_looks_at_another(qtbot: QtBot) -> None:
    given: list[Interest] = []

    def receive(*arguments: object, **more: object) -> object:
        given.extend(one for one in (*arguments, *more.values()) if isinstance(one, Interest))
        raise NothingThere("in this test")

    opening = SimpleNamespace(receive=receive, held=lambda _study: ())
    services = SimpleNamespace(
        opening=opening,
        priors=SimpleNamespace(of=lambda *_: FoundPriors()),
        first_reports=SimpleNamespace(read=lambda _references: ()),
        images=None,
        outlines=None,
        decoder=SimpleNamespace(decode=None),
    )
    main_thread = MainThread()
    executor = Executor(main_thread.post)
    loader = CaseLoader(cast("CaseServices", services), executor)
    loader.load(make_request(), offline=False)
    qtbot.waitUntil(lambda: not loader.is_loading, timeout=PATIENCE_MS)
    executor.close()
    (interest,) = given
    assert interest.ordered((*OTHERS, KEY)) == (KEY, *OTHERS)
    loader.look_at(OTHERS[1], InstanceUID("1.2.3.2.1"))
    assert interest.ordered((*OTHERS, KEY)) == (OTHERS[1], KEY, OTHERS[0])
