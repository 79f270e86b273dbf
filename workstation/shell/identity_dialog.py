"""Two identities side by side, trait by trait, for the reader to say whether they are one person."""

from PySide6.QtWidgets import QGridLayout, QWidget

from workstation.domain.identity import Match, Trait, compared
from workstation.domain.patient import Patient
from workstation.shell.confirm_dialog import CarefulDialog
from workstation.shell.formats import dicom_date
from workstation.shell.labels import plain
from workstation.translations import Translator


class IdentityDialog(CarefulDialog):
    """Shows what agrees and what does not; going back is what Enter does."""

    def __init__(self, patient: Patient, other: Patient, words: Translator, parent: QWidget | None = None) -> None:
        confirm, back = words.text("identity.confirm"), words.text("identity.back")
        super().__init__(words.text("identity.title"), confirm, back, parent, width=560)
        grid = QGridLayout()
        for column, key in enumerate(("identity.here", "identity.there", "identity.match"), start=1):
            grid.addWidget(plain(words.text(key), style="quiet"), 0, column)
        for row, (trait, match) in enumerate(compared(patient, other).items(), start=1):
            grid.addWidget(plain(words.text(f"identity.trait.{trait}"), style="quiet"), row, 0)
            for column, who in enumerate((patient, other), start=1):
                grid.addWidget(plain(_told(who, trait, words) or words.text("identity.unstated")), row, column)
            style = "danger" if match is Match.DIFFERENT else "quiet"
            grid.addWidget(plain(words.text(f"identity.matches.{match}"), style=style), row, 3)
        question = plain(words.text("identity.question"), style="heading", wrap=True)
        self.lay_out(question, grid, plain(words.text("identity.consequence"), wrap=True))


def _told(patient: Patient, trait: Trait, words: Translator) -> str:
    told = {
        Trait.IDENTIFIER: patient.patient_id,
        Trait.ISSUER: patient.issuer_oid or patient.issuer,
        Trait.NAME: patient.name.display,
        Trait.BIRTH_DATE: dicom_date(patient.birth_date, words.language),
        Trait.SEX: patient.sex,
    }
    return told[trait]
