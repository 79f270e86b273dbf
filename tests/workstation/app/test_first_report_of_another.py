"""A case whose first report is held as another patient's: the reader is alarmed and sees no word of it."""

from pathlib import Path

import pytest

from tests.support.instances import make_instance
from tests.support.patience import PATIENCE_MS
from tests.workstation.app.bench import Bench
from tests.workstation.store.samples import STUDY, make_request
from workstation.audit.events import AuditEvent, Outcome
from workstation.translations import translator

pytestmark = pytest.mark.qt


def test_the_first_report_of_another_patient_is_an_alarm_and_not_text(bench: Bench, tmp_path: Path) -> None:
    (reference,) = make_request("r1").first_reports
    report = make_instance(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11",
        SOPInstanceUID=reference.instance,
        SeriesInstanceUID=reference.series,
        StudyInstanceUID=reference.study,
        PatientID="SOMEONE-ELSE",
        Modality="SR",
    )
    (tmp_path / "report.dcm").write_bytes(report)
    assert bench.core.importer.import_paths([tmp_path / "report.dcm"]).is_complete
    bench.open("r1")
    banner, panel, words = bench.parts.reading_page.banner, bench.parts.first_report, translator("en")
    bench.qtbot.waitUntil(lambda: words.text("shell.banner.strange_report") in banner.text, timeout=PATIENCE_MS)
    assert panel.author.text() == panel.text.toPlainText() == ""
    assert not panel.refused.isHidden()
    (line,) = [one for one in bench.core.store.audit.lines() if one.event == AuditEvent.STRANGERS_FOUND]
    assert (line.object, line.outcome) == (STUDY, Outcome.SERIOUS_FAILURE)
