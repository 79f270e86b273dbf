"""The reader's choices among the hanging protocols, as the profile keeps them."""

import pytest
from PySide6.QtCore import Qt

from tests.support.open_case import CURRENT, series, study
from tests.support.patience import PATIENCE_MS
from tests.workstation.app.bench import Bench
from workstation.reading.protocols.shelf import Shelf, shelf_of
from workstation.reading.views import Views

pytestmark = pytest.mark.qt


def kept(bench: Bench) -> Shelf:
    return shelf_of(bench.core.profile.protocols, bench.core.store.settings.value("protocols"))


def test_a_protocol_kept_for_such_examinations_outlives_a_change_in_the_settings(bench: Bench) -> None:
    protocols, hanging = bench.parts.protocols, bench.parts.reading_page.images.hanging.protocols
    protocols.start()
    bench.qtbot.waitUntil(lambda: protocols.box.protocols.count() > 0, timeout=PATIENCE_MS)
    hanging.open_case(Views())
    hanging.show_studies((study("1", "20260110", series(CURRENT, "Thorax 1 mm", 40)),))
    hanging.begin()
    kind, hung = hanging.kind, hanging.hung
    assert hung is not None
    hanging.keep_always(wanted=True)
    item = protocols.box.protocols.item(0)
    item.setCheckState(Qt.CheckState.Unchecked)
    bench.qtbot.waitUntil(lambda: len(kept(bench).off) == 1, timeout=PATIENCE_MS)
    assert kept(bench).always == {kind: hung.id}
    assert hanging.shelf.off == kept(bench).off
