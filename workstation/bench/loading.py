"""The window while a study of thousands of images comes from a hub: how long it keeps a hand waiting."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from workstation.app.core import open_core
from workstation.bench.errors import MeasureFailed
from workstation.bench.hub_pulls import HUB, name_hub, send
from workstation.bench.made_up_profile import made_up_profile
from workstation.bench.made_up_series import PATIENT_ID, MadeUpSeries, made_up_series
from workstation.bench.measure import FULL, Size
from workstation.bench.programs import python, serving
from workstation.config import Profile
from workstation.domain.identifiers import RequestId, new_uid
from workstation.domain.patient import Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.request import Carrier, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import StudyReference

FIGURES = ("loading_images", "loading_stall_p99_ms", "loading_stall_most_ms", "loading_work_p99_ms")
_IMAGES = 3_000
_SIDE = 256
_TIMEOUT_S = 600.0
_IN_A_PROCESS = """
import sys
from workstation.app.loading_stalls import print_stalls
print_stalls(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
"""


def stalls(size: Size, folder: Path) -> dict[str, float]:
    """Return how long the window kept waiting, and worked at once, while every image of a study arrived; ms.

    Raises
    ------
    MeasureFailed
        The images did not come.
    """
    images, side = (_IMAGES, _SIDE) if size is FULL else (size.slices, size.side)
    series = made_up_series(Size(1, images, side, 1, 1, 1))
    profile = made_up_profile(folder / "loading")
    with serving(profile, folder / "loading-hub") as url:
        name_hub(profile, url)
        send(profile, series)
        request = _placed(profile, series)
        found = json.loads(
            python(profile, _IN_A_PROCESS, request, str(images), str(_TIMEOUT_S), timeout_s=2 * _TIMEOUT_S)
        )
    if not found:
        raise MeasureFailed("the images of a study never came to the window")
    late_ms, work_ms = [0.0, *found["late_ms"]], [0.0, *found["work_ms"]]
    told = (float(images), _p99(late_ms), max(late_ms), _p99(work_ms))
    return dict(zip(FIGURES, told, strict=True))


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[-1]


def _placed(profile: Profile, series: MadeUpSeries) -> RequestId:
    """Ask for a reading of the series, in the name of nobody, with a reader of the same name to answer it."""
    name = PersonName.parse("TEST^BENCH")
    request = Request(
        id=RequestId(new_uid()),
        hub=HUB,
        carrier=Carrier.WORK_ITEM,
        severity=Severity.ORDINARY,
        urgency=Urgency.LOW,
        deadline=None,
        arrival=datetime.now(UTC),
        state=RequestState.SCHEDULED,
        question="",
        clinical="",
        requester=Requester("TEST^BENCH", "TEST", ""),
        patient=Patient(PATIENT_ID, name),
        studies=(StudyReference(series.study, HUB),),
    )
    with open_core(profile, None) as core:
        core.store.settings.set_reader(Reader("TEST^BENCH", "TEST-BENCH", "TEST"))
        core.hubs.client(HUB).place(request)
    return request.id
