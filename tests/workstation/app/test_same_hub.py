"""A hub that is added in the settings under a name for which something waits: asked about first."""

import pytest

from tests.support.patience import PATIENCE_MS
from tests.workstation.app.bench import Bench
from tests.workstation.store.samples import HUB, make_request
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import TransactionUID
from workstation.shell.confirm_dialog import ConfirmDialog

pytestmark = pytest.mark.qt

AT, MOVED = "http://127.0.0.1:9/rs", "http://127.0.0.1:9/moved"


def test_a_hub_at_another_address_takes_a_name_only_where_the_reader_says_that_it_is_the_same(bench: Bench) -> None:
    settings, page = bench.core.store.settings, bench.parts.settings_page
    settings.add_hub(HubSettings(HUB, AT), is_same=True)
    bench.core.store.claims.remember(make_request().key, TransactionUID("2.25.1"))

    def ask() -> ConfirmDialog:
        bench.parts.settings.dialog = None
        page.hub_name.setText(HUB)
        page.hub_url.setText(MOVED)
        page.add.click()
        bench.qtbot.waitUntil(lambda: bench.parts.settings.dialog is not None, timeout=PATIENCE_MS)
        assert bench.parts.settings.dialog is not None
        return bench.parts.settings.dialog

    dialog = ask()
    assert dialog.back.isDefault()
    dialog.back.click()
    assert (settings.hubs(), page.hub_url.text()) == ((HubSettings(HUB, AT),), MOVED)
    ask().confirm.click()
    bench.qtbot.waitUntil(lambda: settings.hubs() == (HubSettings(HUB, MOVED),), timeout=PATIENCE_MS)
