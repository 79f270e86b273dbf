"""Settings of hubs as JSON."""

from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.store.fields import Fields, encode

HUB_VERSION = 5
_WITHOUT_PROVIDER = 1
_WITHOUT_WRITES = 2
_WITHOUT_ORIGINS = 3
_WITHOUT_BESIDE = 4


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
            "pins": list(hub.pins),
            "provider": _provider_to_object(hub.provider),
            "accepts_writes": hub.accepts_writes,
            "beside": list(hub.beside),
        }
    )


def hub_from_json(text: str) -> HubSettings:
    """Read one hub's settings back.

    Raises
    ------
    RecordDamaged
        When the text is not one that ``hub_to_json`` writes.
    """
    fields = Fields.parse(text, HUB_VERSION, _WITHOUT_BESIDE, _WITHOUT_ORIGINS, _WITHOUT_WRITES, _WITHOUT_PROVIDER)
    version = fields.integer("version")
    is_old = version == _WITHOUT_PROVIDER
    mirror_of = fields.optional_text("mirror_of")
    return HubSettings(
        name=HubName(fields.text("name")),
        url=fields.text("url"),
        sign_in=fields.choice("sign_in", SignInKind),
        user=fields.text("user"),
        secret=fields.text("secret"),
        ca_file=fields.text("ca_file"),
        mirror_of=None if mirror_of is None else HubName(mirror_of),
        pins=() if is_old else fields.texts("pins"),
        provider=None if is_old else _provider_from_fields(fields.optional_record("provider"), version),
        accepts_writes=version > _WITHOUT_WRITES and fields.boolean("accepts_writes"),
        beside=() if version <= _WITHOUT_BESIDE else fields.texts("beside"),
    )


def _provider_to_object(provider: IdentityProvider | None) -> dict[str, object] | None:
    if provider is None:
        return None
    return {
        "issuer": provider.issuer,
        "client": provider.client,
        "scope": provider.scope,
        "origins": list(provider.origins),
    }


def _provider_from_fields(fields: Fields | None, version: int) -> IdentityProvider | None:
    if fields is None:
        return None
    origins = () if version <= _WITHOUT_ORIGINS else fields.texts("origins")
    return IdentityProvider(fields.text("issuer"), fields.text("client"), fields.text("scope"), origins)
