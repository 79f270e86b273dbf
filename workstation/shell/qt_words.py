"""The words that Qt itself shows, in its file dialogs and context menus, in the language of the window."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator


class QtWords:
    """Lets Qt speak one language at a time; its own words are English, and it has a file for the others."""

    def __init__(self) -> None:
        self._installed: QTranslator | None = None

    def speak(self, language: str) -> None:
        """Speak a language from now on; one that Qt does not know leaves it with English."""
        self.fall_silent()
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{language}", folder) and QCoreApplication.installTranslator(translator):
            self._installed = translator

    def fall_silent(self) -> None:
        """Speak Qt's own English again."""
        if self._installed is not None:
            QCoreApplication.removeTranslator(self._installed)
            self._installed = None
