"""Two hubs of their own processes, and the studies of one patient on both; either hub can be killed."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.command_line import command_line
from tests.support.hub_clients import client_of
from tests.support.instances import make_instance
from viewers.identifiers import StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient, PersonName

NORTH, SOUTH = HubName("north"), HubName("south")
PATIENT = Patient("42", PersonName("TEST", "ALPHA"), birth_date="19600102", sex="F")
CURRENT, NAMED, OLD = StudyUID("2.25.1"), StudyUID("2.25.2"), StudyUID("2.25.3")
STRANGER, NAMESAKE = StudyUID("2.25.4"), StudyUID("2.25.5")


@dataclass
class HubProcess:
    """A hub that runs until it is killed."""

    name: HubName
    url: str
    process: "subprocess.Popen[str]"

    @property
    def settings(self) -> HubSettings:
        return HubSettings(self.name, self.url)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def study(uid: StudyUID, date: str, patient: Patient = PATIENT) -> bytes:
    """Return the only image of a study."""
    return make_instance(
        StudyInstanceUID=uid, SeriesInstanceUID=f"{uid}.1", SOPInstanceUID=f"{uid}.1.1", StudyDate=date,
        PatientID=patient.patient_id, PatientName=patient.name.dicom, PatientBirthDate=patient.birth_date,
        PatientSex=patient.sex, PixelSpacing=[1, 1], SliceThickness=1, ImagePositionPatient=[0, 0, 0],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0], FrameOfReferenceUID=f"{uid}.9",
        RescaleSlope=1, RescaleIntercept=-1024,
    )  # fmt: skip


@contextmanager
def hub_processes(folder: Path, holdings: Mapping[HubName, Sequence[bytes]]) -> Iterator[list[HubProcess]]:
    """Run hubs, each with some objects; they start side by side."""
    processes = {
        name: command_line(folder / name).start("hub", "serve", "--port", "0", "--data", folder / name / "hub")
        for name in holdings
    }
    try:
        yield [_filled(name, process, holdings[name]) for name, process in processes.items()]
    finally:
        for process in processes.values():
            process.kill()
            process.communicate()


def _filled(name: HubName, process: "subprocess.Popen[str]", part10s: Sequence[bytes]) -> HubProcess:
    assert process.stdout is not None
    hub = HubProcess(name, process.stdout.readline().strip(), process)
    with client_of(hub.url) as client:
        assert not client.store(part10s).failed
    return hub


@contextmanager
def two_hubs(folder: Path) -> Iterator[list[HubProcess]]:
    """Run two hubs; the north has the study to be read, a prior, and one of another person of the same identifier."""
    stranger = Patient("42", PATIENT.name, birth_date="19990102", sex="F")
    namesake = Patient("43", PATIENT.name, birth_date=PATIENT.birth_date, sex="F")
    north = [study(CURRENT, "20260110"), study(NAMED, "20250110"), study(STRANGER, "20240110", stranger)]
    south = [study(OLD, "20200110"), study(NAMESAKE, "20230110", namesake)]
    with hub_processes(folder, {NORTH: north, SOUTH: south}) as hubs:
        yield hubs
