"""Two identities side by side, trait by trait, for the reader to say whether they are one person."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from workstation.domain.identity import Match, Trait, compared
from workstation.domain.patient import Patient
from workstation.shell.formats import dicom_date
from workstation.shell.labels import plain
from workstation.translations import Translator


class IdentityDialog(QDialog):
    """Shows what agrees and what does not; going back is what Enter does."""

    def __init__(self, patient: Patient, other: Patient, words: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(words.text("identity.title"))
        self.setMinimumWidth(560)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.confirm = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.back = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.confirm.setText(words.text("identity.confirm"))
        self.back.setText(words.text("identity.back"))
        self.confirm.setAutoDefault(False)
        self.back.setDefault(True)
        self.back.setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        grid = QGridLayout()
        for column, key in enumerate(("identity.here", "identity.there", "identity.match"), start=1):
            grid.addWidget(plain(words.text(key), style="quiet"), 0, column)
        for row, (trait, match) in enumerate(compared(patient, other).items(), start=1):
            grid.addWidget(plain(words.text(f"identity.trait.{trait}"), style="quiet"), row, 0)
            for column, who in enumerate((patient, other), start=1):
                grid.addWidget(plain(_told(who, trait, words) or words.text("identity.unstated")), row, column)
            style = "danger" if match is Match.DIFFERENT else "quiet"
            grid.addWidget(plain(words.text(f"identity.matches.{match}"), style=style), row, 3)
        layout = QVBoxLayout(self)
        layout.addWidget(plain(words.text("identity.question"), style="heading", wrap=True))
        layout.addLayout(grid)
        layout.addWidget(plain(words.text("identity.consequence"), wrap=True))
        layout.addWidget(buttons)


def _told(patient: Patient, trait: Trait, words: Translator) -> str:
    told = {
        Trait.IDENTIFIER: patient.patient_id,
        Trait.ISSUER: patient.issuer_oid or patient.issuer,
        Trait.NAME: patient.name.display,
        Trait.BIRTH_DATE: dicom_date(patient.birth_date, words.language),
        Trait.SEX: patient.sex,
    }
    return told[trait]
