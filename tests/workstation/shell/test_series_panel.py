"""What the series panel says of a study whose hub lists less than it counts."""

import pytest
from pytestqt.qtbot import QtBot

from viewers.identifiers import StudyUID
from workstation.domain.patient import Patient, PersonName
from workstation.domain.study import StudySummary
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.viewport_captions import CaseDirectory
from workstation.translations import translator

pytestmark = pytest.mark.qt
STUDY = StudySummary(
    StudyUID("1.2"), Patient("1", PersonName.parse("TEST")), "20261130", "", "Thorax", "", ("CT",), 2099
)
SENTENCE = "The hub returned 1000 of 2099 images (server limit)."


def test_a_list_cut_short_stands_under_its_study_until_it_is_whole(qtbot: QtBot) -> None:
    panel = SeriesPanel(translator("en"))
    qtbot.addWidget(panel)
    panel.show_case(CaseDirectory([STUDY]))
    panel.show_shortfalls(STUDY.uid, (SENTENCE,))
    heading = panel.tree.topLevelItem(0)
    assert heading is not None
    assert heading.text(0).endswith(f"\n{SENTENCE}")
    panel.show_shortfalls(STUDY.uid, ())
    again = panel.tree.topLevelItem(0)
    assert again is not None
    assert SENTENCE not in again.text(0)
