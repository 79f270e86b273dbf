"""What the reader has set, all of it in the encrypted database: hubs, identity, preferences, secrets."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workstation.domain.hands import Hands
from workstation.domain.hub import HubSettings
from workstation.domain.hub_place import is_same_place
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.reader import Reader
from workstation.domain.window_place import WindowPlace
from workstation.store.database import Connection, Database
from workstation.store.delivery_rows import count_awaited
from workstation.store.dropped_requests import dropped_setting
from workstation.store.errors import HubAwaited, HubNeeded, MirrorOfMirror, RecordDamaged
from workstation.store.fields import Fields, encode
from workstation.store.hands_records import hands_from_text, hands_to_text, place_from_text, place_to_text
from workstation.store.hub_findings import findings_setting
from workstation.store.hub_places import check_place, former_setting
from workstation.store.hub_records import hub_from_json, hub_to_json
from workstation.store.records import reader_from_fields, reader_to_object

OnChanged = Callable[[Connection, str], None]
_READER = "reader"
_SIGNER = "signer"
_SUBSCRIBER = "subscriber"
_LOCK_AFTER = "lock_after_minutes"
_LOSSY_PREVIEWS = "lossy_previews"
_AHEAD = "fetch_ahead"
_HANDS = "hands"
_SECOND_WINDOW = "second window"
_SOURCE = "manifest source "
_VERSION = 1
LOCK_AFTER_MINUTES = 10
SHORTEST_LOCK_MINUTES, LONGEST_LOCK_MINUTES = 1, 30


def sign_in_secret(hub: HubName) -> str:
    """Return the name of the secret that a sign-in at one hub keeps."""
    return f"sign-in {hub}"


class SignerKind(StrEnum):
    """Where the signing key is."""

    PKCS12 = "pkcs12"
    PKCS11 = "pkcs11"


@dataclass(frozen=True, slots=True)
class SignerSettings:
    """Which key signs. A PKCS#12 container lies among the secrets, under ``secret``; a PIN is never kept."""

    kind: SignerKind
    secret: str = ""
    module: str = ""
    token: str = ""


class SettingsStore:
    """The settings of a profile; ``on_changed`` is told the name of what changes, within the same transaction."""

    def __init__(self, database: Database, on_changed: OnChanged | None = None) -> None:
        self._database = database
        self._on_changed = on_changed

    def hubs(self) -> tuple[HubSettings, ...]:
        """Return the hubs in the order in which they were added."""
        with self._database.read() as connection:
            return _hubs(connection)

    def hub(self, name: HubName) -> HubSettings | None:
        """Return one hub, or ``None``."""
        return next((hub for hub in self.hubs() if hub.name == name), None)

    def add_hub(self, hub: HubSettings, *, is_same: bool = False) -> None:
        """Add a hub, or change the one of that name in its place.

        What its sign-in keeps is destroyed where its address, or who vouches for the reader there, is another one.

        ``is_same``: it is the one for which something waits under that name, wherever that was.

        Raises
        ------
        HubElsewhere, HubUncertain
            Something waits under that name for a hub at another address, or nobody knows at which.
        MirrorOfMirror
            It would be the mirror of itself or of a mirror, or has mirrors and would be one.
        """
        with self._database.write() as connection:
            _check_mirror(connection, hub)
            if not is_same:
                check_place(connection, hub)
            former = connection.execute("SELECT body FROM hubs WHERE name = ?", (hub.name,)).fetchone()
            if former is not None and not _is_signed_in_alike(str(former[0]), hub):
                connection.execute("DELETE FROM secrets WHERE name = ?", (sign_in_secret(hub.name),))
            connection.execute(
                "INSERT INTO hubs (name, position, body)"
                " VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM hubs), ?)"
                " ON CONFLICT (name) DO UPDATE SET body = excluded.body",
                (hub.name, hub_to_json(hub)),
            )
            self._tell(connection, f"hub {hub.name}")

    def remove_hub(self, name: HubName, *, is_abandoned: bool = False) -> bool:
        """Remove a hub with what its sign-in keeps and what was found of it, and say whether there was one.

        Where it was is kept, so that claims, drafts and signed reports are with it again when it is added under another
        name.

        Raises
        ------
        HubAwaited, HubNeeded
            Signed reports wait for it, or requests of it are claimed, and it is not given up (``is_abandoned``).
        """
        with self._database.write() as connection:
            awaited = count_awaited(connection, name)
            if awaited and not is_abandoned:
                raise HubAwaited("reports wait for the hub", hub=name, count=awaited)
            claimed = connection.execute("SELECT request FROM claims WHERE hub = ?", (name,)).fetchall()
            if claimed and not is_abandoned:
                raise HubNeeded(name, tuple(RequestId(str(row[0])) for row in claimed))
            connection.execute(
                "INSERT OR REPLACE INTO settings (name, value) SELECT ?, json_extract(body, '$.url') FROM hubs"
                " WHERE name = ?",
                (former_setting(name), name),
            )
            connection.execute("DELETE FROM secrets WHERE name = ?", (sign_in_secret(name),))
            for setting in (findings_setting(name), dropped_setting(name)):
                connection.execute("DELETE FROM settings WHERE name = ?", (setting,))
            was_there = connection.execute("DELETE FROM hubs WHERE name = ?", (name,)).rowcount > 0
            if was_there:
                self._tell(connection, f"hub {name}")
        return was_there

    def former_url(self, name: HubName) -> str | None:
        """Return where a hub was that has been removed, as far as it is known."""
        return self.value(former_setting(name))

    def reader(self) -> Reader | None:
        """Return who reads and signs with this profile."""
        text = self.value(_READER)
        return None if text is None else reader_from_fields(Fields.parse(text, _VERSION))

    def set_reader(self, reader: Reader) -> None:
        """Set who reads and signs with this profile."""
        self.set_value(_READER, encode({"version": _VERSION, **reader_to_object(reader)}))

    def signer(self) -> SignerSettings | None:
        """Return which key signs, or ``None`` where only the demonstration identity can."""
        text = self.value(_SIGNER)
        if text is None:
            return None
        fields = Fields.parse(text, _VERSION)
        return SignerSettings(
            fields.choice("kind", SignerKind), fields.text("secret"), fields.text("module"), fields.text("token")
        )

    def set_signer(self, signer: SignerSettings) -> None:
        """Set which key signs."""
        values = {"kind": signer.kind.value, "secret": signer.secret, "module": signer.module, "token": signer.token}
        self.set_value(_SIGNER, encode({"version": _VERSION, **values}))

    def remove_signer(self) -> None:
        """Name no key any more."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM settings WHERE name = ?", (_SIGNER,))
            self._tell(connection, _SIGNER)

    def lock_after_minutes(self) -> int:
        """Return after how many minutes without a touch the window locks; there is always such a limit."""
        text = self.value(_LOCK_AFTER) or ""
        minutes = int(text) if text.isdecimal() else LOCK_AFTER_MINUTES
        return min(max(minutes, SHORTEST_LOCK_MINUTES), LONGEST_LOCK_MINUTES)

    def set_lock_after_minutes(self, minutes: int) -> None:
        """Set it; what is outside the bounds becomes the nearer bound."""
        self.set_value(_LOCK_AFTER, str(min(max(minutes, SHORTEST_LOCK_MINUTES), LONGEST_LOCK_MINUTES)))

    def subscriber(self) -> str:
        """Return the AE title under which this profile subscribes to events, made at the first need.

        It stays the same, so that a subscription that a crash left on a hub is taken up again and ended.
        Source: PS3.5 6.2 (VR AE: at most 16 characters).
        """
        known = self.value(_SUBSCRIBER)
        if known is None:
            known = f"REQUIS-{secrets.token_hex(4).upper()}"
            self.set_value(_SUBSCRIBER, known)
        return known

    def lossy_previews(self) -> bool:
        """Return whether a first look at images over a slow link may be lossy; it may not until the reader says so."""
        return self.value(_LOSSY_PREVIEWS) == "on"

    def set_lossy_previews(self, *, wanted: bool) -> None:
        """Set it."""
        self.set_value(_LOSSY_PREVIEWS, "on" if wanted else "off")

    def fetches_ahead(self) -> bool:
        """Return whether the studies of the next requests are fetched before anybody opens them."""
        return self.value(_AHEAD) != "off"

    def set_fetches_ahead(self, *, wanted: bool) -> None:
        """Set it."""
        self.set_value(_AHEAD, "on" if wanted else "off")

    def hands(self) -> Hands:
        """Return the keymap and the mouse profile that the reader works with."""
        text = self.value(_HANDS)
        return Hands() if text is None else hands_from_text(text)

    def set_hands(self, hands: Hands) -> None:
        """Set them."""
        self.set_value(_HANDS, hands_to_text(hands))

    def second_window(self) -> WindowPlace | None:
        """Return where the second window was."""
        text = self.value(_SECOND_WINDOW)
        return None if text is None else place_from_text(text)

    def set_second_window(self, place: WindowPlace) -> None:
        """Set it."""
        self.set_value(_SECOND_WINDOW, place_to_text(place))

    def hub_of_source(self, location: str) -> HubName | None:
        """Return which hub gives what manifests locate at a source, by its Retrieve Location UID."""
        name = self.value(_SOURCE + location) if location else None
        return HubName(name) if name else None

    def set_hub_of_source(self, location: str, hub: HubName) -> None:
        """Set it."""
        self.set_value(_SOURCE + location, hub)

    def value(self, name: str) -> str | None:
        """Return one setting, or ``None``."""
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_value(self, name: str, text: str) -> None:
        """Keep one setting."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO settings (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, text),
            )
            self._tell(connection, name)

    def secret(self, name: str) -> bytes | None:
        """Return one secret, such as a key container, or ``None``."""
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def set_secret(self, name: str, content: bytes, *, is_told: bool = True) -> None:
        """Keep one secret; what only renews one is not told."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO secrets (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, content),
            )
            if is_told:
                self._tell(connection, name)

    def remove_secret(self, name: str) -> bool:
        """Remove one secret, overwritten in the database, and say whether there was one."""
        with self._database.write() as connection:
            was_there = connection.execute("DELETE FROM secrets WHERE name = ?", (name,)).rowcount > 0
            if was_there:
                self._tell(connection, name)
        return was_there

    def _tell(self, connection: Connection, name: str) -> None:
        if self._on_changed is not None:
            self._on_changed(connection, name)


def _hubs(connection: Connection) -> tuple[HubSettings, ...]:
    rows = connection.execute("SELECT body FROM hubs ORDER BY position, name").fetchall()
    return tuple(hub_from_json(str(row[0])) for row in rows)


def _check_mirror(connection: Connection, hub: HubSettings) -> None:
    others = {one.name: one for one in _hubs(connection) if one.name != hub.name}
    if hub.mirror_of is None:
        return
    mirrored = others.get(hub.mirror_of)
    is_chained = mirrored is not None and mirrored.mirror_of is not None
    is_mirrored = any(one.mirror_of == hub.name for one in others.values())
    if hub.mirror_of == hub.name or is_chained or is_mirrored:
        raise MirrorOfMirror("a mirror of a mirror", hub=hub.name, mirrored=hub.mirror_of)


def _is_signed_in_alike(former: str, hub: HubSettings) -> bool:
    """Whether readers sign in for a hub where they did, and in the same way: what that gave is for nobody else."""
    try:
        known = hub_from_json(former)
    except RecordDamaged:
        return False
    is_same_reader = (known.sign_in, known.user, known.provider) == (hub.sign_in, hub.user, hub.provider)
    return is_same_reader and is_same_place(known.url, hub.url)
