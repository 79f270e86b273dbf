"""What the series panel says of a study whose hub lists less than it counts, and of series that are not whole."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.support.open_case import CURRENT, as_series, series
from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.image.volume import Volume
from workstation.domain.patient import Patient, PersonName
from workstation.domain.study import StudySummary
from workstation.hub.errors import Withdrawn
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.series_rows import SeriesRow
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


def test_why_a_study_has_not_come_stands_under_it_in_the_language_of_the_window(qtbot: QtBot) -> None:
    panel, error = SeriesPanel(translator("en")), Withdrawn("status 410", hub="site")
    qtbot.addWidget(panel)
    panel.show_case(CaseDirectory([replace(STUDY, series=(series(CURRENT, "", 3),))]))
    panel.show_missed(STUDY.uid, error)
    panel.show_failure(CURRENT, error)
    for language in ("en", "fr"):
        words = translator(language)
        panel.retranslate(words)
        heading, row = panel.tree.topLevelItem(0), panel.row(CURRENT)
        assert heading is not None
        assert heading.text(0).endswith(f"\n{words.error(error)}")
        assert row is not None
        assert row.warnings == (words.error(error),)
    panel.show_missed(STUDY.uid, None)
    again = panel.tree.topLevelItem(0)
    assert again is not None
    assert "\n" not in again.text(0)


def stack(count: int) -> Volume:
    return as_series(volume_of(axial_grid([float(z) for z in range(count)]), smooth), CURRENT)


def shown(qtbot: QtBot, count: int, modality: str = "CT") -> SeriesPanel:
    panel = SeriesPanel(translator("en"))
    qtbot.addWidget(panel)
    panel.show_case(CaseDirectory([replace(STUDY, series=(series(CURRENT, "", count, modality),))]))
    return panel


def row_of(panel: SeriesPanel, uid: SeriesUID = CURRENT) -> SeriesRow:
    row = panel.row(uid)
    assert row is not None
    return row


def test_a_report_in_the_series_of_images_is_not_a_missing_image(qtbot: QtBot) -> None:
    panel = shown(qtbot, 4)
    panel.put([stack(3)])
    assert row_of(panel).warnings == ()
    panel.show_progress(CURRENT, 4, 4, is_ended=True)
    assert (row_of(panel).facts, row_of(panel).warnings) == ("4 of 4 images", ())


def test_frames_do_not_stand_in_for_an_object_that_is_missing(qtbot: QtBot) -> None:
    panel = shown(qtbot, 3)
    panel.show_progress(CURRENT, 2, 3, is_ended=True)
    frames = stack(40)
    sources = tuple(
        replace(one, instance=InstanceUID(f"2.25.{k // 20}"), frame_index=k % 20)
        for k, one in enumerate(frames.sources)
    )
    panel.put([replace(frames, sources=sources)])
    assert (row_of(panel).facts, row_of(panel).warnings) == ("2 of 3 images", ("1 missing",))


def test_what_is_missing_when_the_transfer_has_ended_is_not_on_its_way(qtbot: QtBot) -> None:
    panel = shown(qtbot, 3)
    panel.show_progress(CURRENT, 2, 3)
    assert (row_of(panel).share, row_of(panel).warnings) == (pytest.approx(2 / 3), ())
    panel.show_progress(CURRENT, 2, 3, is_ended=True)
    assert (row_of(panel).share, row_of(panel).warnings) == (None, ("1 missing",))


def test_documents_are_not_called_images(qtbot: QtBot) -> None:
    panel = shown(qtbot, 1, "SR")
    assert row_of(panel).facts == "Objects: 1"
    panel.show_progress(CURRENT, 1, 1, is_ended=True)
    assert row_of(panel).facts == "Objects: 1 of 1"


def test_a_single_image_is_not_called_images(qtbot: QtBot) -> None:
    panel = shown(qtbot, 1)
    panel.show_progress(CURRENT, 1, 1, is_ended=True)
    assert row_of(panel).facts == "1 of 1 image"


def test_what_is_still_on_its_way_is_not_called_missing(qtbot: QtBot) -> None:
    panel = shown(qtbot, 3)
    panel.show_progress(CURRENT, 2, 3)
    panel.put([replace(stack(2), expected_slices=3)], are_arriving=True)
    assert not {"1 missing", "Incomplete: images missing"} & set(row_of(panel).warnings)
    panel.put([replace(stack(2), expected_slices=3)])
    panel.show_progress(CURRENT, 2, 3, is_ended=True)
    assert row_of(panel).warnings[0] == "1 missing"
