"""What a reader's hands are used to, as a record of the settings."""

from types import MappingProxyType

from workstation.domain.hands import Hands
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
