"""What was found of a hub comes back as it was kept, and what cannot be read is asked for anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.workstation.store.samples import open_database
from workstation.domain.hub_findings import Asking, HubFindings, Service, SyntaxTrial, Why
from workstation.domain.identifiers import HubName
from workstation.domain.strategy import Strategy, Way
from workstation.store.errors import RecordDamaged
from workstation.store.hub_findings import FindingsStore, findings_from_json, findings_to_json
from workstation.store.settings import SettingsStore

NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
FOUND = HubFindings(
    found=NOW,
    url="https://hub.example/dicom-web",
    link="192.0.2.7",
    server="server/1.2",
    services=(Service.QIDO, Service.SERIES, Service.UPS),
    undecided=(Service.STOW,),
    latency_ms=41.5,
    first_byte_ms=60.0,
    instance_ms=200.0,
    stream_image_ms=180.0,
    single_image_ms=90.25,
    bytes_per_s=2_500_000.0,
    probed_bytes=4 << 20,
    syntaxes=(SyntaxTrial("1.2.840.10008.1.2.4.80", is_given=True, ratio=0.45, duration_ms=110.0),),
    page_cap=1000,
    ignores_offset=True,
    strategy=Strategy(Way.INSTANCES, 6, ahead=True),
    asking=Asking("1.2.840.10008.1.2.4.80", "google"),
    why=Why.SINGLE_IS_FASTER,
)


def test_findings_come_back_as_they_were() -> None:
    assert findings_from_json(findings_to_json(FOUND)) == FOUND
    bare = HubFindings(NOW, "http://127.0.0.1", "")
    assert findings_from_json(findings_to_json(bare)) == bare
    earlier = findings_to_json(FOUND).replace('"version":2', '"version":1').replace('"undecided":["stow"],', "")
    assert findings_from_json(earlier) == replace(FOUND, undecided=())


@pytest.mark.parametrize(
    "damage", [("qido", "qidox"), ("2500000.0", '"fast"'), ("series", "serie"), ('":2', '":3'), ("stow", "stown")]
)
def test_damaged_findings_are_not_guessed_at(damage: tuple[str, str]) -> None:
    text = findings_to_json(FOUND)
    assert damage[0] in text
    with pytest.raises(RecordDamaged):
        findings_from_json(text.replace(*damage))


def test_each_hub_has_its_last_findings(tmp_path: Path) -> None:
    hub, other = HubName("hub"), HubName("other")
    database = open_database(tmp_path)
    try:
        store = FindingsStore(database)
        assert store.of(hub) is None
        store.remember(hub, FOUND)
        store.remember(other, replace(FOUND, server=""))
        store.remember(hub, replace(FOUND, latency_ms=1.0))
        assert (store.of(hub), store.of(other)) == (replace(FOUND, latency_ms=1.0), replace(FOUND, server=""))
        SettingsStore(database).remove_hub(hub)
        assert store.of(hub) is None
        with database.write() as connection:
            connection.execute("UPDATE settings SET value = 'x' WHERE name LIKE 'hub findings %'")
        assert store.of(other) is None
    finally:
        database.close()


@pytest.mark.parametrize(
    ("changed", "is_current"),
    [
        ({}, True),
        ({"now": NOW + timedelta(hours=23)}, True),
        ({"now": NOW + timedelta(hours=25)}, False),
        ({"now": NOW - timedelta(hours=1)}, False),
        ({"link": "10.0.0.3"}, False),
        ({"url": "https://other.example"}, False),
    ],
)
def test_findings_hold_for_a_day_on_one_link_to_one_address(changed: dict[str, object], is_current: bool) -> None:
    asked: dict[str, object] = {"now": NOW, "url": FOUND.url, "link": FOUND.link, **changed}
    assert FOUND.is_current(**asked) is is_current


def test_a_speed_three_times_another_is_of_another_link() -> None:
    speeds = (2.5e6, 7e6, 8e6, 9e5, 8e5, 0.0)
    assert [speed for speed in speeds if FOUND.is_far_from(speed)] == [8e6, 8e5]
    assert not replace(FOUND, bytes_per_s=0.0).is_far_from(1e6)


def test_the_time_for_a_study_counts_its_compressed_size() -> None:
    assert FOUND.seconds_for(25_000_000) == pytest.approx(0.06 + 10 * 0.45)
    assert replace(FOUND, asking=Asking()).seconds_for(25_000_000) == pytest.approx(0.06 + 10)
