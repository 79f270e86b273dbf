import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from websockets.sync.client import connect

from tests.support.instances import packaged, store
from workstation.embedded_hub.errors import PortUnavailable
from workstation.embedded_hub.running import RunningHub


def test_the_hub_listens_on_loopback(hub: str) -> None:
    assert hub.startswith("http://127.0.0.1:")
    assert hub.endswith("/dicom-web")


def test_the_hub_names_itself(hub: str) -> None:
    assert requests.get(f"{hub}/studies", timeout=30).headers["server"] == "Requis-embedded-hub"


def test_a_port_that_is_taken_is_refused(hub: str, tmp_path: Path) -> None:
    port = int(hub.split(":")[2].split("/")[0])
    with pytest.raises(PortUnavailable) as caught:
        RunningHub(tmp_path / "other", port)
    assert caught.value.details == {"port": port}


def test_the_hub_stops_although_a_subscriber_listens(tmp_path: Path) -> None:
    with ExitStack() as stack:
        with RunningHub(tmp_path) as running:
            stack.enter_context(connect(f"{running.url.replace('http', 'ws')}/subscribers/ME", proxy=None))
            started = time.monotonic()
        assert time.monotonic() - started < 8
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{running.url}/studies", timeout=5)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::", "a@127.0.0.1@b"]
)
def test_a_request_meant_for_another_host_is_refused(hub: str, host: str) -> None:
    answer = requests.get(f"{hub}/studies", headers={"Host": host}, timeout=30)
    assert answer.status_code in (400, 421)


def test_addresses_in_answers_never_come_from_the_host_header(hub: str) -> None:
    store(hub, packaged("CT_small.dcm"))
    port = hub.split(":")[2].split("/")[0]
    for host, name in (("localhost:1", "localhost"), ("127.0.0.1", "127.0.0.1")):
        (study,) = requests.get(f"{hub}/studies", headers={"Host": host}, timeout=30).json()
        assert study["00081190"]["Value"][0].startswith(f"http://{name}:{port}/dicom-web/studies/")


def test_a_trusted_name_is_answered_with_the_address_of_the_socket(tmp_path: Path) -> None:
    with RunningHub(tmp_path, trusted_hosts=frozenset({"hub.example"})) as running:
        store(running.url, packaged("CT_small.dcm"))
        (study,) = requests.get(f"{running.url}/studies", headers={"Host": "hub.example"}, timeout=30).json()
    assert study["00081190"]["Value"][0].startswith(f"{running.url}/studies/")


def test_no_web_page_may_read_answers_unless_it_was_allowed(hub: str, tmp_path: Path) -> None:
    origin = {"Origin": "http://localhost:3000"}
    assert "access-control-allow-origin" not in requests.get(f"{hub}/studies", headers=origin, timeout=30).headers
    with RunningHub(tmp_path / "open", allow_origin="http://localhost:3000") as running:
        allowed = requests.get(f"{running.url}/studies", headers=origin, timeout=30)
        other = requests.get(f"{running.url}/studies", headers={"Origin": "http://localhost:4000"}, timeout=30)
        preflight = requests.options(
            f"{running.url}/studies", headers={**origin, "Access-Control-Request-Method": "POST"}, timeout=30
        )
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "access-control-allow-origin" not in other.headers
    assert preflight.status_code == 200


def test_an_unknown_path_is_not_found_with_a_sentence(hub: str) -> None:
    answer = requests.get(f"{hub}/nothing", timeout=30)
    assert (answer.status_code, "error" in answer.json()) == (404, True)
