"""A sign-in that has ended takes no work away: what is held is read and signed, and what waits is sent afterwards."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.hub_clients import client_of
from tests.support.placed_requests import place_like
from tests.workstation.shell.test_offline import READER, STUDY, signed_offline
from viewers.identifiers import StudyUID
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.delivery import DeliveryState
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import SignInNeeded

HUB = HubName("hub")


def test_a_case_is_read_and_signed_and_its_report_waits_for_the_sign_in(tmp_path: Path, qtbot: QtBot) -> None:
    with (
        RunningHub(tmp_path / "hub") as hub,
        open_core(Profile(tmp_path / "profile"), None, passphrase="a passphrase") as core,
    ):
        core.store.settings.set_reader(READER)
        open_to_all = HubSettings(HUB, hub.url)
        provider = IdentityProvider("http://127.0.0.1:9", "requis")
        ended = HubSettings(HUB, hub.url, SignInKind.OIDC, provider=provider)
        core.store.settings.add_hub(open_to_all)
        with client_of(hub.url) as client:
            request = place_like(client, "head-stroke")
        core.importer.import_paths([STUDY])
        request = core.worklist.claim(core.worklist.find(request.id))
        core.store.settings.add_hub(ended)
        with pytest.raises(SignInNeeded):
            core.hubs.client(HUB).search_series(request.studies[0].study)
        signed_offline(core, request)
        core.courier.deliver(force=True)
        first, *others = core.store.outbox.deliveries()
        assert (first.state, "sign in" in first.reason) == (DeliveryState.BLOCKED, True)
        assert {one.state for one in others} == {DeliveryState.PENDING}
        core.store.settings.add_hub(open_to_all)
        core.courier.deliver(force=True)
        assert {one.state for one in core.store.outbox.deliveries()} == {DeliveryState.SENT}


def test_a_hub_that_waits_for_a_sign_in_hides_no_other_hub(tmp_path: Path) -> None:
    with (
        RunningHub(tmp_path / "hub") as hub,
        open_core(Profile(tmp_path / "profile"), None, passphrase="a passphrase") as core,
    ):
        provider = IdentityProvider("http://127.0.0.1:9", "requis")
        core.store.settings.add_hub(HubSettings(HubName("first"), hub.url, SignInKind.OIDC, provider=provider))
        core.store.settings.add_hub(HubSettings(HUB, hub.url))
        with client_of(hub.url) as client:
            study = place_like(client, "head-stroke").studies[0].study
            listed = client.search_series(study)
        if listed:
            assert core.hub_of_study(study) == HUB
        with pytest.raises(SignInNeeded) as raised:
            core.hub_of_study(StudyUID("2.25.1"))
        assert raised.value.details["hub"] == "first"
