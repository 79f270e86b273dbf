"""Logs and crash records: places and kinds, never what a stranger's text says."""

import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import REPOSITORY
from workstation.errors import WorkstationError
from workstation.logs import SafeFormatter, configure, describe
from workstation.runtime.executor import Executor, Pool

SECRET = "TEST^MARKED"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger("workstation")
    former = root.handlers[:], root.level, root.propagate
    configure(tmp_path)
    yield tmp_path / "requis.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level, root.propagate = former[0], former[1], former[2]


def fail() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(f"bad value {SECRET}") from error


def test_an_exception_is_logged_without_what_it_says(log: Path) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("workstation.test").exception("it failed")
    (line,) = log.read_text().splitlines()
    assert "it failed" in line
    assert "ValueError test_logs.py:" in line
    assert "KeyError" in line
    assert SECRET not in line


def test_our_own_technical_text_is_kept() -> None:
    assert "(no room)" in describe(WorkstationError("no room"))


def test_a_strangers_message_is_not_kept_and_control_characters_are_neutralised(log: Path) -> None:
    handler = logging.getLogger("workstation").handlers[0]
    handler.handle(logging.LogRecord("pydicom", logging.WARNING, "/x/values.py", 7, "bad %s", (SECRET,), None))
    logging.getLogger("workstation.test").warning("a\r\nb\x1b[31m\x9b c \u202e 1.2.840.113619.2.55.3")
    first, second = log.read_text().splitlines()
    assert first.endswith("WARNING pydicom said something at values.py:7")
    assert not set(second) & set("\r\n\x1b\x9b\u202e")
    assert "840" not in second


def test_a_record_that_another_handler_formatted_first_tells_no_more(log: Path) -> None:
    record = logging.LogRecord("workstation.test", logging.ERROR, "x.py", 1, "failed", (), None)
    try:
        fail()
    except ValueError:
        record.exc_info = sys.exc_info()
    logging.Formatter().format(record)
    assert SECRET in str(record.exc_text)
    assert SECRET not in SafeFormatter().format(record)


def test_unexpected_work_tells_its_kind_only(log: Path) -> None:
    calls, told = list[WorkstationError](), threading.Event()

    def failed(error: WorkstationError) -> None:
        calls.append(error)
        told.set()

    executor = Executor(lambda call: call())
    executor.run(Pool.COMPUTE, lambda _job: fail(), lambda _none: None, failed)
    assert told.wait(30)
    executor.close()
    assert [one.technical for one in calls] == ["ValueError"]
    assert SECRET not in log.read_text()


_CRASHES = """
import logging, sys, threading, warnings
from pathlib import Path
from workstation.logs import watch_process
watch_process(Path(sys.argv[1]))
secret = sys.argv[2]
def fail(): raise ValueError(secret)
thread = threading.Thread(target=fail)
thread.start(); thread.join()
class Careless:
    def __del__(self): fail()
Careless()
warnings.warn(secret)
logging.getLogger("pydicom").warning("invalid value %s", secret)
logging.getLogger().error(secret)
if sys.argv[3] == "abort":
    import os; os.abort()
fail()
"""


@pytest.mark.parametrize(("ending", "left"), [("exception", "crash"), ("abort", "Fatal Python error")])
def test_a_crash_leaves_its_places_in_the_profile_and_nothing_on_the_screen(
    tmp_path: Path, ending: str, left: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CRASHES, str(tmp_path), SECRET, ending],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert (done.stdout, done.stderr) == ("", "")
    told = "".join(path.read_text() for path in tmp_path.iterdir())
    assert SECRET not in told
    assert left in told
    assert told.count("uncaught ValueError") == (3 if ending == "exception" else 2)
    assert "py.warnings" in told
    assert "pydicom" in told


def test_warnings_of_this_process_are_not_taken_over(log: Path) -> None:
    with pytest.warns(UserWarning, match="seen"):
        warnings.warn("seen", stacklevel=1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_line_that_the_disk_does_not_take_is_not_printed_instead(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.unlink()
    log.symlink_to("/dev/full")
    configure(log.parent)
    logging.getLogger("workstation.test").warning("a line about %s", SECRET)
    assert capsys.readouterr().err == ""
