"""A case whose study is closed since images of someone else came for it: an alarm, and no image."""

from pathlib import Path

import pytest

from tests.workstation.app.bench import Bench
from tests.workstation.retrieval.desk import series_of
from tests.workstation.store.samples import STUDY
from viewers.identifiers import ViewportId
from workstation.translations import translator

pytestmark = pytest.mark.qt


def test_a_barred_study_is_an_alarm_and_no_image_until_a_person_admits_it(bench: Bench, tmp_path: Path) -> None:
    for number, part10 in enumerate(series_of(3)):
        (tmp_path / f"{number}.dcm").write_bytes(part10)
    assert bench.core.importer.import_paths(sorted(tmp_path.glob("*.dcm"))).is_complete
    bench.core.store.bars.bar(STUDY)
    page, alarm = bench.parts.reading_page, translator("en").text("shell.banner.barred")
    bench.open("r1")
    bench.qtbot.waitUntil(lambda: alarm in page.banner.text, timeout=10_000)
    assert page.board.contents == {}
    assert bench.parts.window.notices.text == translator("en").text("errors.store.study_barred")
    bench.core.store.bars.admit(STUDY)
    bench.open("r2")
    bench.qtbot.waitUntil(lambda: ViewportId("v1") in page.board.contents, timeout=10_000)
    assert alarm not in page.banner.text
