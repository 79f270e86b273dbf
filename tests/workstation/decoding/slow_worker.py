"""A worker on a machine whose disk gives what decodes pixels slowly."""

import sys
import time
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from workstation.decoding import worker

LOADING_S = 1.5


class ColdDisk(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname == "workstation.decoding.pixel_operations":
            time.sleep(LOADING_S)
        return None


def main() -> None:
    sys.meta_path.insert(0, ColdDisk())
    worker.main()
