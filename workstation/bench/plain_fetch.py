"""The same series by other programs: what the link and the hub allow. No data of a reader's hub."""

import os
import shutil
import subprocess
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from workstation.bench.errors import MeasureFailed
from workstation.bench.made_up_series import MadeUpSeries
from workstation.bench.measure import seconds
from workstation.hub.plain_stream import PlainStream
from workstation.hub.retrieve import ACCEPT

_CLIENT = "dicomweb_client"
_TIMEOUT_S = 600
_HOW_LONG = "%{http_code} %{size_download} %{time_total}"
_SUCCESS = "200"


def has_dicomweb_client() -> bool:
    """Whether the other client is installed here."""
    return find_spec(_CLIENT) is not None


def plain_fetch(address: str, at_least_bytes: int) -> float:
    """Return the seconds in which curl fetches an address and keeps nothing; a bare socket, where curl is absent."""
    curl = shutil.which("curl")
    if curl is None:
        return seconds(lambda: _by_socket(address, at_least_bytes))
    command = (curl, "--silent", "--output", os.devnull, "--write-out", _HOW_LONG, "--header", f"Accept: {ACCEPT}")
    told = subprocess.run((*command, address), capture_output=True, text=True, timeout=_TIMEOUT_S, check=False).stdout
    status, size, taken_s = told.split()
    if status != _SUCCESS or int(size) < at_least_bytes:
        raise MeasureFailed("curl did not get the series whole")
    return float(taken_s)


def first_part(address: str, at_least_bytes: int) -> float:
    """Return the seconds until so many bytes of an answer have come, by a bare socket."""

    def begin() -> None:
        with PlainStream(address) as answer:
            if answer.read(at_least_bytes) < at_least_bytes:
                raise MeasureFailed("the bare stream is shorter than one image")

    return seconds(begin)


def by_dicomweb_client(url: str, series: MadeUpSeries) -> Callable[[], float]:
    """Return an act that fetches and decodes a series with dicomweb-client and pydicom, and tells its seconds."""
    client = import_module(f"{_CLIENT}.api").DICOMwebClient(url)

    def fetch() -> None:
        came = client.retrieve_series(series.study, series.series)
        if sum(one.pixel_array.nbytes for one in came) != series.pixel_bytes * len(series.part10s):
            raise MeasureFailed("the other client did not get the series whole")

    return lambda: seconds(fetch)


def _by_socket(address: str, at_least_bytes: int) -> None:
    with PlainStream(address) as answer:
        if answer.read() < at_least_bytes:
            raise MeasureFailed("the bare stream is shorter than the series")
