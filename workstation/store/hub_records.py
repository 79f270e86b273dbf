"""Settings of hubs as JSON."""

from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.store.fields import Fields, encode

HUB_VERSION = 1


def hub_to_json(hub: HubSettings) -> str:
    """Return the text of one hub's settings."""
    return encode(
        {
            "version": HUB_VERSION,
            "name": hub.name,
            "url": hub.url,
            "sign_in": hub.sign_in.value,
            "user": hub.user,
            "secret": hub.secret,
            "ca_file": hub.ca_file,
            "mirror_of": hub.mirror_of,
        }
    )


def hub_from_json(text: str) -> HubSettings:
    """Read one hub's settings back.

    Raises
    ------
    RecordDamaged
        When the text is not one that ``hub_to_json`` writes.
    """
    fields = Fields.parse(text, HUB_VERSION)
    mirror_of = fields.optional_text("mirror_of")
    return HubSettings(
        name=HubName(fields.text("name")),
        url=fields.text("url"),
        sign_in=fields.choice("sign_in", SignInKind),
        user=fields.text("user"),
        secret=fields.text("secret"),
        ca_file=fields.text("ca_file"),
        mirror_of=None if mirror_of is None else HubName(mirror_of),
    )
