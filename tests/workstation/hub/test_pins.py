"""A key is pinned in whatever form a tool printed its SHA-256; what is none is refused when a hub is added."""

from base64 import b64encode
from hashlib import sha256

import pytest

from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.door import Door
from workstation.hub.errors import UnusablePin
from workstation.hub.pins import pin

DIGEST = sha256(b"a key").digest()
BASE64 = b64encode(DIGEST).decode()


@pytest.mark.parametrize(
    "written",
    [
        BASE64,
        f"sha256/{BASE64}",
        f"sha256//{BASE64}",
        f"SHA256:{BASE64}",
        DIGEST.hex(),
        DIGEST.hex(":").upper(),
        f" {BASE64}\n",
    ],
)
def test_every_form_of_a_pin_is_the_same_pin(written: str) -> None:
    assert pin(written, "hub") == BASE64


@pytest.mark.parametrize("written", ["", "zzz", BASE64[:-4], DIGEST.hex()[:-2], "é" * 44])
def test_a_hub_with_a_pin_that_is_none_is_not_opened(written: str) -> None:
    with pytest.raises(UnusablePin):
        Door(HubSettings(HubName("hub"), "https://hub.example/rs", pins=(written,)))
