"""The bare stream brings the same bytes as the client does, and no answer but success counts as one."""

from pathlib import Path

import pytest

from tests.support.instances import make_instance, store
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable
from workstation.hub.plain_stream import PlainStream


def test_a_stream_is_read_to_its_end_or_to_a_count(tmp_path: Path) -> None:
    one = make_instance(StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.3.4")
    with RunningHub(tmp_path) as hub:
        store(hub.url, one)
        address = f"{hub.url}/studies/1.2.3/series/1.2.3.4"
        with PlainStream(address) as stream:
            first = stream.read(10)
            rest = stream.read()
        assert first >= 10
        assert first + rest > len(one)
        with PlainStream(f"{hub.url}/studies/9.9.9/series/1") as stream, pytest.raises(HubAnsweredWrongly):
            stream.read()
    with pytest.raises(HubUnreachable):
        PlainStream(address)
