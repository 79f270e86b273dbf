"""Hub clients for tests: short patience, no waiting, headers read in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pydicom

from workstation.dicom.header import Header
from workstation.domain.clock import Clock, system_clock
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.hub.door import DoorLimits
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub

ALPHA = Reader("Lecteur Alpha", "10001234567", "CHU de Clermont")
BRAVO = Reader("Lecteur Bravo", "10007654321", "CHU de Rennes")
PATIENT_LIMITS = DoorLimits(connect_timeout_s=10, read_timeout_s=60, deadline_s=120)


def inspect(part10: bytes) -> Header:
    """Return the header of an object of a test, without its pixels."""
    dataset = pydicom.dcmread(BytesIO(part10), stop_before_pixels=True)
    return Header(dataset.to_json_dict())


def sleep_not(_seconds: float) -> None:
    """Go on at once."""


@contextmanager
def client_of(url: str, name: str = "hub", clock: Clock = system_clock) -> Iterator[HubClient]:
    """Open a client for the time of a block."""
    settings = HubSettings(HubName(name), url)
    client = open_hub(settings, inspect, clock=clock, sleep=sleep_not, limits=PATIENT_LIMITS)
    try:
        yield client
    finally:
        client.close()
