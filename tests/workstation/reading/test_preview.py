"""What is told of a request before it is opened: no number of images where no hub could be asked for it."""

from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.workstation.hub.test_ups import REQUEST
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.embedded_hub.running import RunningHub
from workstation.reading.preview import Previews


@pytest.mark.parametrize(
    ("is_there", "has_mirror", "images"),
    [(True, False, 0), (False, False, None), (False, True, None)],
    ids=["asked", "not asked", "only a mirror asked"],
)
def test_images_that_no_hub_was_asked_for_are_not_called_none(
    tmp_path: Path, is_there: bool, has_mirror: bool, images: int | None
) -> None:
    with (
        RunningHub(tmp_path / "hub") as hub,
        open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core,
    ):
        url = hub.url if is_there else f"http://127.0.0.1:{free_port()}/dicom-web"
        core.store.settings.add_hub(HubSettings(REQUEST.hub, url))
        if has_mirror:
            core.store.settings.add_hub(HubSettings(HubName("mirror"), hub.url, mirror_of=REQUEST.hub))
        preview = Previews(core.hubs, core.decoder, core.strategies, core.store.record_strangers).of(REQUEST)
    assert (preview.images, bool(preview.unreachable)) == (images, not is_there)
