"""The patient banner of every page that shows a patient."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.patient import Patient
from workstation.shell.formats import dicom_date
from workstation.shell.labels import plain
from workstation.translations import Translator


class PatientBanner(QFrame):
    """Name, birth name, sex, birth date, identifier, issuer and qualification; test identities and alarms in red."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._translator = translator
        self._patient: Patient | None = None
        self._told: tuple[str, ...] = ()
        # Wrapped: a sentence must not make the window wider than its screen.
        self._alarms = plain(style="danger", wrap=True)
        self._test = plain(style="danger")
        self._name = plain(style="heading")
        self._traits = plain()
        self._identifier = plain(style="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(2)
        column.addWidget(self._alarms)
        row = QHBoxLayout()
        row.setSpacing(6)
        column.addLayout(row)
        for label in (self._test, self._name, self._traits, self._identifier):
            row.addWidget(label)
        row.addStretch(1)
        self.clear()

    def show_patient(self, patient: Patient) -> None:
        """Show who the images on this page belong to."""
        self._patient = patient
        self._refresh()

    def clear(self) -> None:
        """Show nobody."""
        self._patient = None
        self._told = ()
        self._refresh()

    def show_alarm(self, key: str) -> None:
        """Show in red what must not be overlooked (a key of the translations), until it or the case ends."""
        self._told = (*(one for one in self._told if one != key), key)
        self._refresh()

    def end_alarm(self, key: str) -> None:
        """Show an alarm no longer: its cause has gone."""
        self._told = tuple(one for one in self._told if one != key)
        self._refresh()

    def retranslate(self, translator: Translator) -> None:
        """Show the same patient in another language."""
        self._translator = translator
        self._refresh()

    @property
    def text(self) -> str:
        """What the banner says, for tests and screen readers."""
        return " ".join(
            label.text() for label in (self._alarms, self._test, self._name, self._traits, self._identifier)
        ).strip()

    def _refresh(self) -> None:
        patient, words = self._patient, self._translator
        self._alarms.setText("\n".join(words.text(key) for key in self._told))
        self._alarms.setVisible(bool(self._told))
        self._test.setText(words.text("shell.banner.test") if patient and patient.is_test else "")
        self._test.setVisible(bool(patient and patient.is_test))
        if patient is None:
            for label in (self._name, self._traits, self._identifier):
                label.clear()
            self.setAccessibleName(self.text)
            return
        unknown = words.text("shell.banner.unknown")
        birth = dicom_date(patient.birth_date, words.language) or unknown
        sex = words.text(f"shell.banner.sex.{patient.sex}") if patient.sex in ("F", "M", "O") else unknown
        self._name.setText(patient.name.display or unknown)
        self._traits.setText(
            words.text("shell.banner.traits", birth_name=patient.birth_name or unknown, sex=sex, birth_date=birth)
        )
        qualification = "qualified" if patient.is_qualified else "unqualified"
        self._identifier.setText(
            words.text(
                "shell.banner.identifier",
                identifier=patient.patient_id or unknown,
                issuer=patient.issuer or patient.issuer_oid or words.text("shell.banner.no_issuer"),
                qualification=words.text(f"shell.banner.{qualification}"),
            )
        )
        self.setAccessibleName(self.text)
