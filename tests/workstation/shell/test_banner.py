"""The patient banner's alarm: someone else's images came (N6)."""

import pytest
from pytestqt.qtbot import QtBot

from workstation.domain.patient import Patient, PersonName
from workstation.shell.banner import PatientBanner
from workstation.translations import languages, translator


def test_n6_the_alarm_stays_in_every_language_until_the_case_is_put_away(qtbot: QtBot) -> None:
    banner = PatientBanner(translator("en"))
    qtbot.addWidget(banner)
    banner.show_patient(Patient("DEMO-1", PersonName("DEMO", "UN")))
    before = banner.text
    banner.show_alarm("shell.banner.strangers")
    for language in languages():
        banner.retranslate(translator(language))
        assert banner.text.startswith(translator(language).text("shell.banner.strangers"))
        assert banner.accessibleName() == banner.text
    banner.show_alarm("shell.banner.strange_report")
    for key in ("strangers", "strange_report"):
        assert translator("fr").text(f"shell.banner.{key}") in banner.text
    banner.retranslate(translator("en"))
    banner.clear()
    banner.show_patient(Patient("DEMO-1", PersonName("DEMO", "UN")))
    assert banner.text == before


@pytest.mark.parametrize("language", languages())
def test_an_alarm_leaves_the_window_narrower_than_a_small_screen(qtbot: QtBot, language: str) -> None:
    banner = PatientBanner(translator(language))
    qtbot.addWidget(banner)
    before = banner.minimumSizeHint().width()
    banner.show_alarm("shell.banner.strangers")
    assert banner.minimumSizeHint().width() <= max(before, 800)


def test_nobody_is_named_to_a_screen_reader_once_the_banner_is_cleared(qtbot: QtBot) -> None:
    banner = PatientBanner(translator("en"))
    qtbot.addWidget(banner)
    banner.show_patient(Patient("42", PersonName("TEST", "ALPHA")))
    assert "ALPHA" in banner.accessibleName()
    banner.clear()
    assert banner.accessibleName() == ""
