"""Choosing a file without leaving a trace of it.

Qt's own dialog writes the folders it was in to a settings file of the user, where names of folders may be names of
patients; what stood there before is put back. The system's dialogs keep lists of their own and are not used.
"""

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import delete

_ORGANISATION = "QtProject"
_TRACES = ("FileDialog/history", "FileDialog/lastVisited", "FileDialog/shortcuts")


def choose_file(parent: QWidget, title: str, pattern: str = "") -> Path | None:
    """Ask for an existing file; ``None`` when the reader chose none."""
    dialog = QFileDialog(parent, title, str(Path.home()), pattern)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _chosen(dialog)


def choose_new_file(parent: QWidget, title: str, name: str) -> Path | None:
    """Ask where to write a file; ``None`` when the reader chose no place. A file that is there is asked about."""
    dialog = QFileDialog(parent, title, str(Path.home()))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    return _chosen(dialog)


def _chosen(dialog: QFileDialog) -> Path | None:
    settings = QSettings(QSettings.Scope.UserScope, _ORGANISATION)
    before = {trace: settings.value(trace) for trace in _TRACES if settings.contains(trace)}
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setHistory([])
    try:
        chosen = dialog.selectedFiles() if dialog.exec() else []
    finally:
        _destroy(dialog)
        for trace in _TRACES:
            if trace in before:
                settings.setValue(trace, before[trace])
            else:
                settings.remove(trace)
        settings.sync()
    return Path(chosen[0]) if chosen else None


def _destroy(dialog: QFileDialog) -> None:
    """Have the dialog write what it writes, now: it does so when it is destroyed."""
    delete(dialog)
