"""A real Orthanc for tests: started on free ports in a folder of its own, without authentication, killed at the end."""

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
import requests

from tests.support.ports import free_port

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
_MOST_STARTS = 3


def orthanc_binary() -> str | None:
    """Return where Orthanc is, none where it or its DICOMweb plugin is missing."""
    found = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin:/usr/local/sbin")
    return found if PLUGIN.exists() else None


class PortTaken(RuntimeError):
    """Somebody else has taken a port that was free."""


class RunningOrthanc:
    """One Orthanc with DICOMweb, from ``with`` to its end; skips the test where Orthanc is missing.

    ``options`` are merged into its configuration, and ``dicomweb`` into the part of the plugin, for instance
    ``{"Servers": {"hub": ["http://127.0.0.1:8042/dicom-web/"]}}``. `stop` and `start` keep ports and data.
    """

    def __init__(
        self, folder: Path, options: Mapping[str, Any] | None = None, dicomweb: Mapping[str, Any] | None = None
    ) -> None:
        self.folder = folder
        self.http_port, self.dicom_port = free_port(), free_port()
        # Tests run beside each other, and whatever answers on a port may be another's.
        self._name = f"test-{secrets.token_hex(4)}"
        self._options, self._dicomweb = dict(options or {}), dict(dicomweb or {})
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "RunningOrthanc":
        if orthanc_binary() is None:
            pytest.skip("Orthanc or its DICOMweb plugin is not installed")
        for _ in range(_MOST_STARTS - 1):
            try:
                self.start()
            except PortTaken:
                self.http_port, self.dicom_port = free_port(), free_port()
            else:
                return self
        self.start()
        return self

    @property
    def url(self) -> str:
        """Its own address."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def dicomweb_url(self) -> str:
        """The address of its DICOMweb service."""
        return f"{self.url}/dicom-web"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it answers."""
        binary = orthanc_binary()
        if binary is None:
            raise FileNotFoundError("Orthanc")
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = self.folder / "orthanc.json"
        configuration.write_text(json.dumps(self._configuration()), encoding="utf-8")
        with (self.folder / "orthanc.log").open("ab") as log:
            self._process = subprocess.Popen([binary, str(configuration)], stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                told = (self.folder / "orthanc.log").read_text(encoding="utf-8", errors="replace")
                raise PortTaken(told) if "already in use" in told else RuntimeError(told)
            time.sleep(0.1)

    def stop(self) -> None:
        """Kill it and wait for its end; what it has stored stays in the folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(STOP_TIMEOUT_S)
            self._process = None

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/system", timeout=5).json()["Name"] == self._name
        except (requests.RequestException, ValueError, KeyError):
            return False

    def _configuration(self) -> dict[str, Any]:
        storage = str(self.folder / "storage")
        return {
            "Name": self._name,
            "StorageDirectory": storage,
            "IndexDirectory": storage,
            "HttpPort": self.http_port,
            "DicomPort": self.dicom_port,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "OverwriteInstances": False,
            "Plugins": [str(PLUGIN)],
            **self._options,
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/", **self._dicomweb},
        }


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DICOMweb address of an Orthanc that the tests of one file share: each keeps to a study of its own."""
    with RunningOrthanc(tmp_path_factory.mktemp("orthanc")) as running:
        yield running.dicomweb_url
