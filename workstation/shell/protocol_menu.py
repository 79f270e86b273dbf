"""The menu of the hanging protocols that fit: what each is, why it fits, and whether it is kept for such studies."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from workstation.reading.protocols.hanging import HungStep
from workstation.reading.protocols.matching import Ranked
from workstation.reading.protocols.model import Protocol
from workstation.shell.labels import as_tooltip
from workstation.shell.protocol_hanging import ProtocolHanging
from workstation.translations import FALLBACK_LANGUAGE, Translator


def protocol_title(protocol: Protocol, words: Translator) -> str:
    """Return the name of a protocol in the reader's language."""
    return protocol.title.get(words.language, protocol.title[FALLBACK_LANGUAGE])


def why(found: Ranked, words: Translator) -> str:
    """Return in words why a protocol fits."""
    reasons = ", ".join(
        words.text(f"reading_page.protocol.reason.{reason.kind}", what=reason.what) for reason in found.reasons
    )
    title = protocol_title(found.protocol, words)
    return words.text("reading_page.protocol.why", title=title, reasons=reasons) if reasons else title


def step_words(protocol: Protocol, step: HungStep, words: Translator) -> str:
    """Return in words which step of which protocol hangs."""
    titles = protocol.steps[step.number].title
    return words.text(
        "reading_page.protocol.hung",
        title=protocol_title(protocol, words),
        step=titles.get(words.language, titles.get(FALLBACK_LANGUAGE, "")),
        number=step.number + 1,
        count=len(protocol.steps),
    )


def protocol_menu(hanging: ProtocolHanging, words: Translator, parent: QWidget) -> QMenu:
    """Return the menu: the protocols that fit, best first, then whether the one that hangs is kept."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    group = QActionGroup(menu)
    hung = hanging.hung
    for found in hanging.ranked():
        action = menu.addAction(why(found, words).replace("&", "&&"))
        action.setToolTip(as_tooltip(why(found, words)))
        action.setCheckable(True)
        action.setChecked(hung is not None and hung.id == found.protocol.id)
        group.addAction(action)
        action.triggered.connect(lambda _checked, chosen=found.protocol.id: hanging.choose(chosen))
    if hung is not None:
        menu.addSeparator()
        always = menu.addAction(words.text("reading_page.protocol.always", kind=hanging.kind))
        always.setCheckable(True)
        always.setChecked(hanging.is_always)
        always.triggered.connect(lambda checked: hanging.keep_always(wanted=checked))
    return menu
