"""How an object that is no image travels from the list of objects to a viewport by drag and drop."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from viewers.identifiers import InstanceUID

_TYPE = "application/x-requis-object"


def object_mime(instance: InstanceUID) -> QMimeData:
    """Return what a drag of an object carries; it means nothing outside this window."""
    mime = QMimeData()
    mime.setData(_TYPE, QByteArray(instance.encode()))
    return mime


def dragged_object(mime: QMimeData) -> InstanceUID | None:
    """Return the object that a drag carries, ``None`` where it is something else."""
    return InstanceUID(bytes(mime.data(_TYPE).data()).decode()) if mime.hasFormat(_TYPE) else None


class ObjectTree(QTreeWidget):
    """A tree whose rows can be dragged; ``instance_of`` says which object a row belongs to."""

    def __init__(self, instance_of: Callable[[QTreeWidgetItem], InstanceUID]) -> None:
        super().__init__()
        self._instance_of = instance_of
        self.setDragEnabled(True)
        self.setDragDropMode(QTreeWidget.DragDropMode.DragOnly)

    def mimeTypes(self) -> list[str]:
        """Return what is dragged."""
        return [_TYPE]

    def supportedDropActions(self) -> Qt.DropAction:
        """Copy: nothing leaves the list."""
        return Qt.DropAction.CopyAction

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        """Return the object of the first row."""
        return object_mime(self._instance_of(items[0])) if items else QMimeData()
