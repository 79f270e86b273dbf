"""A closed study: as whose it is held, and how what came differs, for the reader to say whether both are one person."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from workstation.domain.contradiction import Contradiction
from workstation.domain.identity import Trait
from workstation.domain.patient import PersonName
from workstation.domain.study import StudySummary
from workstation.shell.confirm_dialog import CarefulDialog
from workstation.shell.formats import dicom_date
from workstation.shell.labels import plain
from workstation.translations import Translator

_ONE_PATIENT = ("admission.question.one_patient", "admission.consequence.one_patient", "admission.confirm.one_patient")
_OTHER_STUDY = ("admission.question.other_study", "admission.consequence.other_study", "admission.confirm.other_study")


class AdmissionDialog(CarefulDialog):
    """Shows both; leaving the study closed is what Enter does. ``held`` is what is held of it, if anything is."""

    def __init__(
        self, held: StudySummary | None, found: Sequence[Contradiction], words: Translator, parent: QWidget
    ) -> None:
        question, consequence, confirm = map(words.text, _ONE_PATIENT if found else _OTHER_STUDY)
        super().__init__(words.text("admission.title"), confirm, words.text("admission.back"), parent, width=560)
        self.lay_out(
            plain(question, style="heading", wrap=True),
            plain(_study(held, words), wrap=True),
            _differences(found, words),
            plain(consequence, wrap=True),
        )


def _study(held: StudySummary | None, words: Translator) -> str:
    if held is None:
        return words.text("admission.nothing_held")
    unknown = words.text("identity.unstated")
    return words.text(
        "admission.held",
        study=" ".join(one for one in (*held.modalities, held.description) if one),
        date=dicom_date(held.date, words.language) or unknown,
        name=held.patient.name.display or unknown,
        birth_date=dicom_date(held.patient.birth_date, words.language) or unknown,
        identifier=held.patient.patient_id or unknown,
    )


def _differences(found: Sequence[Contradiction], words: Translator) -> QGridLayout:
    grid = QGridLayout()
    rows = [row for one in found for row in zip(one.traits, one.known, one.came, strict=True)]
    for column, key in enumerate(("admission.known", "admission.came") if rows else (), start=1):
        grid.addWidget(plain(words.text(key), style="quiet"), 0, column)
    for row, (trait, known, came) in enumerate(rows, start=1):
        grid.addWidget(plain(words.text(f"identity.trait.{trait}"), style="quiet"), row, 0)
        for column, value in enumerate((known, came), start=1):
            grid.addWidget(plain(_told(trait, value, words), style="danger"), row, column)
    return grid


def _told(trait: Trait, value: str, words: Translator) -> str:
    told = {Trait.NAME: PersonName.parse(value).display, Trait.BIRTH_DATE: dicom_date(value, words.language)}
    return told.get(trait, value) or words.text("identity.unstated")
