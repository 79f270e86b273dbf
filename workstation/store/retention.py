"""How much of the disk the studies may take, and for how long they are kept."""

from dataclasses import dataclass

from workstation.store.errors import RetentionRefused
from workstation.store.fields import Fields, encode
from workstation.store.settings import SettingsStore

_SETTING = "retention"
_VERSION = 1
GIBIBYTE = 1 << 30
MEGABYTE = 1_000_000
_DAYS_AT_MOST = 3650


@dataclass(frozen=True, slots=True)
class Retention:
    """What the reader allows.

    ``quota_bytes`` is for all studies together. A study is evicted ``keep_days`` after it was last used. Below
    ``free_bytes`` of room on the disk, the studies that were not used for longest go. ``reserve_bytes`` is set aside
    for drafts; ``None`` leaves it to the size of the disk, 0 is none.
    """

    quota_bytes: int = 20 * GIBIBYTE
    keep_days: int = 30
    free_bytes: int = GIBIBYTE
    reserve_bytes: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no disk and no rule of retention can mean."""
        is_sound = self.quota_bytes > 0 and 0 < self.keep_days <= _DAYS_AT_MOST
        if not is_sound or self.free_bytes < 0 or (self.reserve_bytes or 0) < 0:
            raise RetentionRefused("quota, days or room out of range")


def read_retention(settings: SettingsStore) -> Retention:
    """Return what is set in the profile, else the defaults."""
    text = settings.value(_SETTING)
    if text is None:
        return Retention()
    fields = Fields.parse(text, _VERSION)
    return Retention(
        fields.integer("quota_bytes"),
        fields.integer("keep_days"),
        fields.integer("free_bytes"),
        fields.optional_integer("reserve_bytes"),
    )


def write_retention(settings: SettingsStore, retention: Retention) -> None:
    """Set it in the profile."""
    values = {
        "quota_bytes": retention.quota_bytes,
        "keep_days": retention.keep_days,
        "free_bytes": retention.free_bytes,
        "reserve_bytes": retention.reserve_bytes,
    }
    settings.set_value(_SETTING, encode({"version": _VERSION, **values}))
