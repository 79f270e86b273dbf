"""One worker process seen from the workstation: started, asked, killed."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from workstation.decoding.errors import DecodeTimeout, TooLarge, WorkerLost, refusal
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.segments import Kept, Segment
from workstation.decoding.watchdog import Watchdog
from workstation.decoding.wire import Kind, Message, WireBroken, receive, send

# The folder that holds the package is added behind the standard library and before what is installed: isolated mode
# keeps the present folder, the user's packages and PYTHONPATH out, so that no stray file can pose as a module.
_BOOTSTRAP = (
    "import sys;root=sys.argv.pop(1);"
    "at=next((n for n,p in enumerate(sys.path) if p.endswith('-packages')),len(sys.path));"
    "sys.path.insert(at,root);"
    "from {module} import main;main()"
)

# One thread in each worker: the pool is what runs in parallel, and threads of libraries eat address space.
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class WorkerCommand:
    """Which module's ``main`` a worker runs, and the folder from which it is imported."""

    module: str = "workstation.decoding.worker"
    root: Path = Path(__file__).parents[2]

    def arguments(self, limits: DecodeLimits, loaded: Sequence[str]) -> Sequence[str]:
        """Return the whole command line; ``loaded`` is what the worker loads before it is asked for it."""
        bootstrap = _BOOTSTRAP.format(module=self.module)
        return (sys.executable, "-I", "-c", bootstrap, str(self.root), json.dumps(limits.to_mapping()), *loaded)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker replied: small fields, the body, and what it wrote to shared memory, if asked for any."""

    fields: Mapping[str, Any]
    body: bytes
    output: bytearray | None


class WorkerProcess:
    """One process. Not thread safe: the pool lends it to one caller at a time; only ``kill`` may come from others."""

    def __init__(
        self, command: WorkerCommand, limits: DecodeLimits, watchdog: Watchdog, loaded: Sequence[str] = ()
    ) -> None:
        self._limits = limits
        self._input, self._output = Kept(), Kept()
        self._ready = False
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ENVIRONMENT
        self._process = subprocess.Popen(
            command.arguments(limits, loaded),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise WorkerLost("a worker without pipes")
        self._writer: IO[bytes] = self._process.stdin
        self._reader: IO[bytes] = self._process.stdout
        self._alarm = watchdog.alarm(self._process.kill)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def call(
        self, operation: str, data: Sequence[bytes | memoryview], seconds: float, **fields: float | Sequence[float]
    ) -> Answer:
        """Have the worker answer; ``seconds`` is what it may take until its first sign of life.

        It finds the pieces of ``data`` one behind the other.

        Raises
        ------
        WorkerLost, DecodeTimeout
            The process is gone: it must be closed and replaced.
        DecodingError
            It refused the object, and lives.
        """
        self._alarm.fired = False
        try:
            self._await_ready()
            self._alarm.set(seconds)
            size = sum(map(len, data))
            self._input.with_room(size).write(data)
            places = {"input": self._input.name, "output": self._output.name, "room": self._output.size_bytes}
            what = {"operation": operation, "bytes": size, "seconds": seconds, **places, **fields}
            send(self._writer, Message(Kind.CALL, what))
            reply, output = self._converse()
        except WireBroken as error:
            lost = DecodeTimeout("killed after its time") if self._alarm.fired else WorkerLost(str(error))
            raise lost from error
        finally:
            self._alarm.cancel()
            self._input.drop_if_large()
            self._output.drop_if_large()
        if reply.kind is Kind.REFUSAL:
            named = (str(reply.fields.get(name, "")) for name in ("key", "why", "name"))
            raise refusal(*named)
        return Answer(reply.fields, reply.body, output)

    def close(self) -> None:
        """End the process and free what it used."""
        self._alarm.cancel()
        self._process.kill()
        self._process.wait()
        for stream in (self._writer, self._reader):
            try:
                stream.close()
            except OSError:
                # Bytes that were meant for the dead process.
                continue
        self._input.close()
        self._output.close()

    def kill(self) -> None:
        """End the process at once; whoever waits for it is told so. May come from any thread."""
        self._process.kill()

    def _await_ready(self) -> None:
        if not self._ready:
            self._alarm.set(self._limits.start_s)
            if receive(self._reader, 0).kind is not Kind.READY:
                raise WireBroken("not ready")
            self._ready = True

    def _converse(self) -> tuple[Message, bytearray | None]:
        output: tuple[Segment, int] | None = None
        while True:
            message = receive(self._reader, self._limits.header_bytes)
            if message.kind is Kind.REFUSAL:
                return message, None
            if message.kind is Kind.REPLY:
                return message, None if output is None else output[0].read(output[1])
            self._alarm.set(self._seconds(message))
            if message.kind is Kind.NEED_OUTPUT and output is None:
                output = self._room(message)
            elif message.kind is not Kind.ALIVE:
                raise WireBroken("out of turn")

    def _seconds(self, message: Message) -> float:
        """Return the time a worker asks for, within what a frame may ever take."""
        asked = message.fields.get("seconds")
        most = max(self._limits.page_s, self._limits.frame_seconds(self._limits.frame_bytes))
        return min(float(asked), most) if isinstance(asked, int | float) else self._limits.frame_s

    def _room(self, message: Message) -> tuple[Segment, int]:
        """Return where the worker writes, and how much; it waits to be told only where what it knows is too small."""
        size = message.fields.get("bytes")
        if not isinstance(size, int) or not 0 <= size <= self._limits.total_bytes:
            raise WireBroken("output size")
        is_known = 0 < self._output.size_bytes >= size
        try:
            segment = self._output.with_room(size)
        except OSError as error:
            self._process.kill()
            raise TooLarge("no room for the output") from error
        if not is_known:
            send(self._writer, Message(Kind.OUTPUT, {"name": segment.name}))
        return segment, size
