"""How long a process takes until it answers, beside a fresh interpreter that imports the window's library."""

from functools import partial
from pathlib import Path

from workstation.app.core import open_core
from workstation.bench.made_up_profile import made_up_profile
from workstation.bench.measure import Findings, Size, paired
from workstation.bench.programs import python, requis, serving
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName

_WINDOW_LIBRARY = "import PySide6.QtWidgets"


def run(size: Size, folder: Path) -> Findings:
    """Measure the version, and the queue of a hub without requests."""
    profile = made_up_profile(folder)
    reference = partial(python, profile, _WINDOW_LIBRARY)
    with serving(profile, folder / "hub") as url:
        with open_core(profile, None) as core:
            core.store.settings.add_hub(HubSettings(HubName("bench"), url))
        return Findings(
            (
                paired("version", partial(requis, profile, "--version"), reference, size.rounds),
                paired("queue", partial(requis, profile, "queue", "--json"), reference, size.rounds),
            )
        )
