"""Who holds a lease: this process, on this machine, since this start of the machine.

A lease in a copied profile names a process of elsewhere, of which nothing can be known here: it runs out. One of this
machine whose process is gone is free at once.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from uuid import uuid4

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SYSCTL_TIMEOUT_S = 5.0


def new_owner() -> str:
    """Return a name for whoever leases in this process, such as ``boot:pid:chance``."""
    return f"{boot_id()}:{os.getpid()}:{uuid4().hex}"


def is_dead(owner: str) -> bool:
    """Whether an owner is a process of this machine, since its last start, that runs no more."""
    boot, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    return bool(boot) and boot == boot_id() and number.isdigit() and not _is_running(int(number))


if sys.platform == "win32":
    import ctypes
    import winreg

    _QUERY_LIMITED, _STILL_ACTIVE = 0x1000, 259
    _SESSION_MANAGER = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
    _CRYPTOGRAPHY = r"SOFTWARE\Microsoft\Cryptography"

    @cache
    def boot_id() -> str:
        """Return what names the machine and its present start; empty where the system does not tell."""
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _CRYPTOGRAPHY) as key:
                machine = winreg.QueryValueEx(key, "MachineGuid")[0]
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _SESSION_MANAGER) as key:
                return f"{machine}-{winreg.QueryValueEx(key, 'BootId')[0]}"
        except OSError:
            return ""

    def _is_running(number: int) -> bool:
        handle = ctypes.windll.kernel32.OpenProcess(_QUERY_LIMITED, False, number)
        if not handle:
            return False
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(handle)
        return code.value == _STILL_ACTIVE

else:

    @cache
    def boot_id() -> str:
        """Return what names the machine and its present start; empty where the system does not tell."""
        if sys.platform == "darwin":
            asked = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
            try:
                told = subprocess.run(asked, capture_output=True, text=True, timeout=_SYSCTL_TIMEOUT_S, check=False)
            except (OSError, subprocess.SubprocessError):
                return ""
            return told.stdout.strip()
        try:
            return _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def _is_running(number: int) -> bool:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        try:
            state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        except OSError:
            return True
        # A process that has ended and whose parent has not asked for its status is listed all the same.
        return not state.strip().startswith(("Z", "X"))
