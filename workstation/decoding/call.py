"""One call to a worker as the worker sees it: what was given, and how to speak to the workstation meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import IO, Any

from workstation.decoding.limits import DecodeLimits
from workstation.decoding.sandbox.confinement import cap_memory, set_alarm
from workstation.decoding.sandbox.dataset import Known
from workstation.decoding.segments import Followed
from workstation.decoding.wire import Kind, Message, receive, send

ALARM_MARGIN_S = 2.0
_ALIVE_EVERY_S = 0.25


@dataclass(slots=True)
class Call:
    """One call being answered: its input, and how to speak to the workstation meanwhile."""

    fields: Mapping[str, Any]
    data: memoryview
    limits: DecodeLimits
    reader: IO[bytes]
    writer: IO[bytes]
    outputs: Followed
    told_at: float = 0.0
    alone: bool = True
    known: Known | None = None

    def alive(self, frame_bytes: int) -> None:
        """Tell that a frame is done, but not more often than anyone needs to know."""
        now = monotonic()
        if now - self.told_at > _ALIVE_EVERY_S:
            self.told_at = now
            self.allow(self.limits.frame_seconds(frame_bytes))

    def allow(self, seconds: float) -> None:
        """Tell that what comes next may take so long."""
        set_alarm(seconds + ALARM_MARGIN_S)
        send(self.writer, Message(Kind.ALIVE, {"seconds": seconds}))

    def output(self, size_bytes: int, seconds: float, memory_bytes: int = 0) -> memoryview:
        """Say how much will be written to shared memory, and the time that takes; return where."""
        send(self.writer, Message(Kind.NEED_OUTPUT, {"bytes": size_bytes, "seconds": seconds}))
        room, name = int(self.fields["room"]), str(self.fields["output"])
        if room == 0 or room < size_bytes:
            name = str(receive(self.reader, 0).fields["name"])
        set_alarm(seconds + ALARM_MARGIN_S)
        cap_memory(size_bytes + self.limits.memory_bytes + memory_bytes)
        return self.outputs.at(name)[:size_bytes]


Operation = Callable[[Call], Message]
