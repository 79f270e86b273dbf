"""No text of a patient, no token, no passphrase is left in clear: after a session, a crash, kills at bad moments."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from pytestqt.qtbot import QtBot

from tests.e2e.opinions import written
from tests.support.canary import ACCENTED, MARK, OWN, PASSPHRASE, TOKEN, found_below, found_in, place_marked
from tests.support.command_line import CommandLine, Ran, served_hub
from tests.support.displays import READING_ROOM, on
from tests.support.fault_proxy import FaultProxy, far_away
from tests.support.on_screen import readable
from tests.support.patience import PATIENCE_MS
from tests.workstation.app.test_signer_key import OF_THE_FILE, container, issued
from tests.workstation.signing.objects import READER
from workstation.app.core import open_core
from workstation.app.window_parts import build_parts
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.request import Request
from workstation.reading.views import Views
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.lock_page import LockReason
from workstation.translations import translator

pytestmark = pytest.mark.e2e
TEXT = f"{MARK} {ACCENTED}"
SECTIONS = ("question", "clinical", "indication", "protocol", "dose", "comparison", "first_report", "findings",
            "conclusion", "recommendations", "limits")  # fmt: skip
# A failure of ours at a bad place: what it says quotes a header, and so do the variables around it.
_CRASH = f"""
import sys, warnings
from workstation import logs
from workstation.cli.main import run
from workstation.retrieval.pull import Retrieval
def fail(self, *others, **named):
    name = {TEXT!r}
    warnings.warn(name)
    raise ValueError("bad value " + name)
Retrieval.pull = fail
sys.exit(run(sys.argv[1:], logs.watch_process))
"""
_SAVING = f"""
from tests.support import saving_reader
from workstation.domain.report import Answers
from workstation.reading.commands import SetAnswers
def change(dispatcher, number):
    dispatcher.dispatch(SetAnswers(Answers({{"findings": {TEXT!r} + f" {{number}}"}})))
saving_reader.change = change
saving_reader.main()
"""


@dataclass
class Bench:
    """A profile whose every trace is searched, and a place for what is handed in and out, which is not."""

    command: CommandLine
    inputs: Path
    searched: tuple[Path, ...]
    request: Request
    ran: list[Ran] = field(default_factory=list)

    def run(self, *arguments: str | Path, status: int = 0) -> Ran:
        ran = self.command.run(*arguments)
        assert ran.status == status, (arguments, ran.said)
        self.ran.append(ran)
        return ran

    def child(self, code: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments], env=self.command.environment, cwd=self.command.folder,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("marked-hub")
    with served_hub(folder) as url:
        yield url, folder


@pytest.fixture
def bench(tmp_path: Path, hub: tuple[str, Path]) -> Bench:
    inputs, folder, temporary = tmp_path / "inputs", tmp_path / "reader", tmp_path / "temporary"
    for one in (inputs, folder, temporary):
        one.mkdir()
    for name, content in (("passphrase", PASSPHRASE), ("token", TOKEN), ("own", OWN), ("file", OF_THE_FILE)):
        (inputs / name).write_text(content)
    (inputs / "reader.p12").write_bytes(container(issued()))
    surroundings = {
        "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(folder / "cache"), "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"), "HOME": str(folder),
    }  # fmt: skip
    command = CommandLine(folder / "profile", inputs / "passphrase", folder, surroundings)
    return Bench(command, inputs, (folder, temporary), place_marked(hub[0]))


def kill_a_pull(bench: Bench, proxy: FaultProxy) -> None:
    """Kill a pull when images have begun to come."""
    process = bench.command.start("pull", bench.request.studies[0].study)
    while len(proxy.seen) < 3 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    said = process.communicate()
    assert process.returncode < 0
    bench.ran.append(Ran(0, *said))


def kill_a_save(bench: Bench) -> None:
    process = bench.child(_SAVING)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("found")
    assert all(process.stdout.readline().strip() for _ in range(12))
    process.kill()
    _, said = process.communicate()
    assert "Traceback" not in said


def answer(bench: Bench) -> None:
    """Claim, pull, report, sign, send and verify."""
    opinion = dict.fromkeys(SECTIONS, TEXT) | {"agreement": "A0", "conclusion": f"{TEXT}: non."}
    run, request, inputs = bench.run, bench.request, bench.inputs
    run("pull", request.id)
    draft = run("report", request.id, "--template", "gen-so", "--answers", written(inputs / "answers.json", opinion))
    run("sign", draft.output.strip(), "--out", inputs / "signed", "--passphrase-file", inputs / "own")
    run("send")
    run("verify", request.studies[0].study, "--ca", inputs / "signed" / "ca.pem")


def crash(bench: Bench) -> None:
    """Let a pull fail by a defect of ours, whose text and variables quote the patient."""
    process = bench.child(_CRASH, "pull", str(bench.request.studies[0].study))
    said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "unexpected" in said[1]
    assert "Traceback" not in said[1]
    bench.ran.append(Ran(1, *said))
    assert "ValueError" in "".join(path.read_text() for path in (bench.command.home / "logs").iterdir())


def test_a_session_a_crash_and_kills_leave_nothing_in_clear(bench: Bench, hub: tuple[str, Path]) -> None:
    url, held = hub
    inputs, run = bench.inputs, bench.run
    run("reader", "set", "--name", READER.name, "--identifier", READER.identifier, "--organisation", ACCENTED)
    run(
        "signer", "import", inputs / "reader.p12", "--passphrase-file", inputs / "file", "--new-file", inputs / "own",
    )  # fmt: skip
    with far_away(url, 0.05) as proxy:
        run("hub", "add", "hub", proxy.url, "--token-file", inputs / "token")
        kill_a_pull(bench, proxy)
        answer(bench)
        kill_a_save(bench)
        crash(bench)
    quiet = "".join(ran.said + ran.output for ran in bench.ran[1:])
    assert found_in(quiet.encode()) == set()
    assert found_below(bench.searched) == []
    # The search finds what is there: the hub keeps studies in clear, and so are the copies for other programs.
    assert found_below([held])
    assert found_below([inputs / "signed"])


@pytest.mark.qt
def pictures_of(views: Views) -> dict[str, object]:
    """Return what the views keep, but the objects of others: they may be read while the window is locked."""
    kept: dict[str, object] = json.loads(views.archive())
    del kept["objects"]
    return kept


def test_a_locked_window_shows_no_text_of_the_patient_and_comes_back_as_it_was(
    tmp_path: Path, hub: tuple[str, Path], qtbot: QtBot
) -> None:
    placed = place_marked(hub[0])
    with ExitStack() as stack:
        core = stack.enter_context(open_core(Profile(tmp_path / "profile"), None, passphrase=PASSPHRASE))
        core.store.settings.set_reader(READER)
        core.store.settings.add_hub(HubSettings(HubName("hub"), hub[0]))
        main_thread = MainThread()
        # Whatever fails: work that goes on keeps the process, and what listens to a hub goes on for good.
        executor = stack.enter_context(closing(Executor(main_thread.post)))
        parts = build_parts(core, executor, translator("en"), displays=on(READING_ROOM))
        parts.window.closed.connect(parts.close)
        qtbot.addWidget(parts.window)
        stack.callback(parts.window.close)
        parts.window.show()
        parts.start()
        parts.case.open(core.worklist.find(placed.id))

        def has_picture() -> bool:
            views = parts.case.views
            shown = views.volume(views.layout.active) if views is not None else None
            return shown is not None and shown.is_complete

        qtbot.waitUntil(has_picture, timeout=300_000)
        parts.editor.fields["findings"].setPlainText(TEXT)
        parts.case.flush()
        views, session = parts.case.views, parts.case.session
        assert views is not None
        seen = pictures_of(views)
        assert found_in(readable().encode())
        parts.lock.controller.lock(LockReason.IDLE)
        assert found_in(readable().encode()) == set()
        parts.queue.refresh()
        qtbot.waitUntil(lambda: parts.case.is_saved, timeout=PATIENCE_MS)
        assert found_in(readable().encode()) == set()
        parts.lock.controller.page.field.setText(PASSPHRASE)
        parts.lock.controller.page.unlock.click()
        qtbot.waitUntil(lambda: not parts.window.is_covered, timeout=PATIENCE_MS)
        assert (parts.case.session, parts.case.views) == (session, views)
        assert pictures_of(views) == seen
        assert found_in(readable().encode())
    assert found_below([tmp_path]) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("secret", [MARK, ACCENTED, TOKEN, PASSPHRASE, OWN])
def test_the_search_finds_a_secret_in_any_disguise(tmp_path: Path, secret: str, encoding: str) -> None:
    (tmp_path / "plain").write_bytes(b"\x01" + secret.encode(encoding) + b"\xff")
    assert len(found_below([tmp_path])) >= 1
    for shift in range(3):
        (tmp_path / "plain").write_bytes(base64.b64encode(b"x" * shift + secret.encode() + b"yz"))
        assert len(found_below([tmp_path])) >= 1
    (tmp_path / "plain").write_text(f"?name={quote(secret)}")
    assert len(found_below([tmp_path])) >= 1
    (tmp_path / "plain").unlink()
    assert found_below([tmp_path]) == []
