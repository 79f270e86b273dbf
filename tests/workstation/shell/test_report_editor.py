"""The report editor: what is typed comes out as answers, at each pause and when asked."""

import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.support.patience import PATIENCE_MS
from workstation.domain.report import Agreement, Answers, CriticalResult, Grade
from workstation.report.checks import Check
from workstation.report.template import template
from workstation.shell.report_editor import ReportEditor
from workstation.translations import translator

pytestmark = pytest.mark.qt


@pytest.fixture
def editor(qtbot: QtBot) -> ReportEditor:
    editor = ReportEditor(translator("fr"), template("gen-so"), ("en", "fr"))
    qtbot.addWidget(editor)
    editor.resize(460, 900)
    editor.show()
    editor.show_answers(Answers({"question": "Quel côté ?"}), "fr", ("CT",))
    return editor


def test_the_question_stands_on_top(editor: ReportEditor) -> None:
    assert next(iter(editor.fields)) == "question"
    assert editor.fields["question"].toPlainText() == "Quel côté ?"


def test_a_pause_in_typing_emits_the_answers(editor: ReportEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.answers_changed, timeout=PATIENCE_MS) as blocker:
        qtbot.keyClicks(editor.fields["findings"], "Nodule")
    assert blocker.args is not None
    assert blocker.args[0].sections == {"question": "Quel côté ?", "findings": "Nodule"}


def test_showing_answers_emits_nothing(editor: ReportEditor, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(editor.answers_changed, wait=900):
        editor.show_answers(Answers({"findings": "other"}, Agreement(Grade.A1, "perception")), "en", ())
    assert editor.agreement.agreement == Agreement(Grade.A1, "perception")


def test_agreement_asks_for_its_reason_only_where_there_is_a_difference(editor: ReportEditor) -> None:
    editor.agreement.grade.setCurrentIndex(editor.agreement.grade.findData("A0"))
    assert not editor.agreement.reason.isVisible()
    editor.agreement.grade.setCurrentIndex(editor.agreement.grade.findData("A2"))
    assert editor.agreement.reason.isVisible()


def test_a_critical_result_comes_out_with_its_six_fields(editor: ReportEditor) -> None:
    editor.critical.enabled.setChecked(True)
    for name, field in editor.critical.fields.items():
        field.setText(name)
    editor.critical.read_back.setChecked(True)
    editor.flush()
    critical = editor.critical.critical
    assert critical == CriticalResult(
        "finding", "identified_at", "communicated_by", "received_by", "received_at", "method", 1, True
    )


def test_required_sections_are_marked_and_dose_only_for_ct(editor: ReportEditor) -> None:
    assert editor._titles["dose"].text().endswith("*")
    editor.show_answers(Answers(), "fr", ("MR",))
    assert not editor._titles["dose"].text().endswith("*")


def test_a_check_jumps_to_its_section(editor: ReportEditor, qtbot: QtBot) -> None:
    editor.show_checks((Check("section-missing:findings", "findings", params={"section": "Résultats"}),))
    qtbot.waitUntil(editor.checks.isVisible, timeout=PATIENCE_MS)
    editor.checks.jump_asked.emit("findings")
    qtbot.waitUntil(editor.fields["findings"].hasFocus, timeout=PATIENCE_MS)


def test_an_accepted_check_stays_accepted_when_checks_are_listed_again(editor: ReportEditor) -> None:
    check = Check("missing-images", "protocol", acceptable=True, params={"missing": 1, "expected": 99})
    editor.show_checks((check,))
    editor.checks._boxes["missing-images"].setChecked(True)
    editor.show_checks((check,))
    assert editor.checks.accepted == ("missing-images",)


def test_a_closed_editor_takes_nothing(editor: ReportEditor) -> None:
    editor.clear()
    assert not editor.isEnabled()
    assert editor.fields["question"].toPlainText() == ""


def test_nothing_of_one_case_comes_into_the_next(editor: ReportEditor, qtbot: QtBot) -> None:
    gap = Check("missing-images", "protocol", acceptable=True, params={"missing": 3, "expected": 9})
    editor.critical.enabled.setChecked(True)
    qtbot.keyClicks(editor.critical.fields["finding"], "of the first patient")
    editor.critical.enabled.setChecked(False)
    editor.agreement.reason.setText("of the first patient")
    editor.show_checks((gap,))
    editor.checks.findChildren(QCheckBox)[0].setChecked(True)
    assert editor.checks.accepted == ("missing-images",)
    with qtbot.assertNotEmitted(editor.answers_changed, wait=900):
        editor.clear()
    editor.show_answers(Answers(), "fr", ("CT",))
    editor.critical.enabled.setChecked(True)
    editor.agreement.grade.setCurrentIndex(1)
    editor.show_checks((gap,))
    assert editor.checks.accepted == ()
    assert editor.critical.critical is not None
    assert editor.critical.critical.finding == ""
    assert editor.agreement.agreement is not None
    assert editor.agreement.agreement.reason == ""
