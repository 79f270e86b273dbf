"""What a reader's hands are used to, and where the second window was, as records of the settings."""

from dataclasses import asdict
from types import MappingProxyType

from workstation.domain.hands import Hands
from workstation.domain.window_place import WindowPlace
from workstation.store.fields import Fields, encode

_VERSION = 1


def hands_to_text(hands: Hands) -> str:
    """Return the record."""
    return encode(
        {
            "version": _VERSION,
            "keymap": hands.keymap,
            "mouse": hands.mouse,
            "left_handed": hands.is_left_handed,
            "level_upwards": hands.is_level_upwards,
            "keys": [{"act": act, "keys": list(keys)} for act, keys in hands.keys.items()],
        }
    )


def hands_from_text(text: str) -> Hands:
    """Return what was written.

    Raises
    ------
    RecordDamaged
        The text is not such a record.
    """
    fields = Fields.parse(text, _VERSION)
    return Hands(
        keymap=fields.text("keymap"),
        mouse=fields.text("mouse"),
        is_left_handed=fields.boolean("left_handed"),
        is_level_upwards=fields.boolean("level_upwards"),
        keys=MappingProxyType({one.text("act"): one.texts("keys") for one in fields.records("keys")}),
    )


def place_to_text(place: WindowPlace) -> str:
    """Return the record of where the second window was."""
    return encode({"version": _VERSION, **asdict(place)})


def place_from_text(text: str) -> WindowPlace:
    """Return what was written.

    Raises
    ------
    RecordDamaged
        The text is not such a record.
    """
    fields = Fields.parse(text, _VERSION)
    left, top, width, height = (fields.integer(name) for name in ("left", "top", "width", "height"))
    return WindowPlace(fields.text("screen"), left, top, width, height, fields.boolean("is_maximised"))
