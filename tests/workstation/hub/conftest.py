"""An Orthanc for each file that needs one."""

from tests.support.orthanc import orthanc

__all__ = ["orthanc"]
