"""A window over a profile with two cases."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.reports import READER
from tests.workstation.app.bench import Bench, window_over
from tests.workstation.store.samples import make_draft
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.identifiers import RequestId
from workstation.domain.report import Answers
from workstation.domain.request import Request
from workstation.reading.opening import OpenedCase, Opening

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        core.store.settings.set_reader(READER)
        for identifier in ("r1", "r2"):
            core.drafting.save(
                replace(
                    make_draft(identifier), annotations=(), answers=Answers(), author=READER,
                    request=RequestId(identifier),
                )
            )  # fmt: skip
        bench = window_over(core, qtbot)

        def opened(_opening: Opening, request: Request, *_others: object) -> OpenedCase:
            return bench.opened(request)

        monkeypatch.setattr(Opening, "open", opened)
        yield bench
        bench.close()
