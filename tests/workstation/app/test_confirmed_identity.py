"""That the reader took a prior for the patient's is kept with the draft and in the log of acts."""

import pytest

from tests.support.patience import PATIENCE_MS
from tests.workstation.app.bench import Bench
from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent
from workstation.domain.identity import Trait
from workstation.reading.view_archive import confirmed_of

pytestmark = pytest.mark.qt
STUDY = StudyUID("2.25.5")


def test_a_confirmed_identity_reaches_the_draft_and_the_log(bench: Bench) -> None:
    bench.read("r1")
    views = bench.parts.case.views
    assert views is not None
    views.comparing.confirm(STUDY)
    bench.parts.reading_page.comparison.identity_confirmed.emit(STUDY, (Trait.NAME,))
    bench.qtbot.waitUntil(lambda: confirmed_of(bench.disk().view_state) == (STUDY,), timeout=PATIENCE_MS)
    bench.qtbot.waitUntil(
        lambda: (
            [one.object for one in bench.core.store.audit.lines() if one.event is AuditEvent.IDENTITY_CONFIRMED]
            == [STUDY]
        ),
        timeout=PATIENCE_MS,
    )
