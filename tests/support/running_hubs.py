"""A hub of either kind that is run here: the embedded one, or a real Orthanc."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.orthanc import RunningOrthanc
from workstation.embedded_hub.running import RunningHub


@contextmanager
def running_hub(kind: str, folder: Path) -> Iterator[str]:
    """Run an empty hub of one kind and give its address."""
    if kind == "orthanc":
        with RunningOrthanc(folder) as orthanc:
            yield orthanc.dicomweb_url
        return
    with RunningHub(folder) as embedded:
        yield embedded.url
