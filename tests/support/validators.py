"""Programs that nobody here wrote, which judge what is sent: dicom3tools, DCMTK and poppler."""

import re
import subprocess
from pathlib import Path

TIMEOUT_S = 60
SIGNATURE_DAMAGED = 101

# Warnings of dciodvfy that stand, and why.
ALLOWED_WARNINGS = (
    r"Unrecognized defined term <99(REQUIS|RPPS)>",  # private schemes, declared in the object
    r"Unrecognized defined term <1\.2\.250\.1\.71\.4\.2\.1> for value 1 of attribute <Coding Scheme UID>",
    r"Retired Person Name form",  # names of real sources without carets: an identity is not rewritten
    r"needed to build DICOMDIR - Study (ID|Date|Time)",  # the source has none
    r"Unrecognized defined term <SHA256> for value 1 of attribute <MAC Algorithm>",  # PS3.3 C.12.1.1.3 has it
    r"only permitted to be empty when actually unknown.*<Laterality>",  # it is unknown
)


def judge(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one validator; the test that asks for it has the marker ``validators``."""
    return subprocess.run(
        [*map(str, command)], check=False, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S
    )


def unexplained(path: Path) -> list[str]:
    """Return what dciodvfy finds wrong in one object, the explained warnings left out."""
    told = judge("dciodvfy", path).stderr.splitlines()
    errors = [line for line in told if line.startswith("Error")]
    warnings = [line for line in told if line.startswith("Warning")]
    return errors + [line for line in warnings if not any(re.search(known, line) for known in ALLOWED_WARNINGS)]


def signature_status(path: Path, authority: Path, policy: str) -> int:
    """Return the exit status of dcmsign; ``policy`` is ``+rs`` for reports and ``+rg`` for other objects."""
    return judge("dcmsign", "--verify", policy, "+cf", authority, path).returncode


def signatures_of(pdf: Path) -> str:
    """Return what pdfsig tells of one PDF."""
    return judge("pdfsig", pdf).stdout
