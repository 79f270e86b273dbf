"""An Orthanc on loopback for the time of a benchmark, where it is installed: a hub that is not ours."""

import json
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workstation.bench.errors import MeasureFailed

_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_LOOPBACK = "127.0.0.1"
# Systems give later ports to outgoing connections, which may come in the second until Orthanc listens.
_NOT_FOR_CONNECTIONS = range(20_000, 32_000)


def orthanc_binary() -> str | None:
    """Return where Orthanc is, ``None`` where it or its DICOMweb plugin is missing."""
    found = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin:/usr/local/sbin")
    return found if _PLUGIN.exists() else None


@contextmanager
def serving_orthanc(binary: str, folder: Path) -> Iterator[str]:
    """Run Orthanc on free ports, and give the address of its service, which may not answer yet."""
    folder.mkdir()
    http_port, dicom_port = _free_port(), _free_port()
    storage = str(folder / "storage")
    configuration = {
        "Name": "bench",
        "StorageDirectory": storage,
        "IndexDirectory": storage,
        "HttpPort": http_port,
        "DicomPort": dicom_port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "Plugins": [str(_PLUGIN)],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }
    path = folder / "orthanc.json"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    with (folder / "orthanc.log").open("wb") as log:
        process = subprocess.Popen([binary, str(path)], stdout=log, stderr=log, cwd=folder)
    try:
        yield f"http://{_LOOPBACK}:{http_port}/dicom-web"
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    """Return a port that nobody listens on and that no connection takes until Orthanc does."""
    for _ in _NOT_FOR_CONNECTIONS:
        port = secrets.choice(_NOT_FOR_CONNECTIONS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((_LOOPBACK, port))
            return port
    raise MeasureFailed("no port is free for Orthanc")
