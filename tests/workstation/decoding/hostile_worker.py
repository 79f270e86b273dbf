"""A worker in which a codec hangs, crashes, grows or lies, as asked by the bytes that it is given."""

import os
import signal
import time
from dataclasses import replace

import numpy as np

from workstation.decoding import worker
from workstation.decoding.call import Call
from workstation.decoding.wire import Kind, Message


def inspect(call: Call) -> Message:
    what = bytes(call.data[:8]).rstrip(b".").decode("latin_1")
    if what == "hang":
        while True:
            time.sleep(0.01)
    if what == "abort":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "grow":
        np.ones(8 << 30, np.uint8)
    if what == "lie":
        place = {"from": "input", "offset": 1 << 40, "shape": [1, 4, 4], "dtype": "|u1"}
        return Message(Kind.REPLY, {"pixels": place})
    if what == "echo":
        return Message(Kind.REFUSAL, {"key": "decoding.malformed", "why": "alive"})
    return worker.inspect(call)


def decode(call: Call) -> Message:
    """Lie where asked to, else decode honestly."""
    return inspect(call) if bytes(call.data[:3]) == b"lie" else worker.decode(call)


def inspect_many(call: Call) -> Message:
    """Meet each object as if it were alone, then answer honestly."""
    start = 0
    for size in call.fields["sizes"]:
        first = bytes(call.data[start : start + 5])
        if first in (b"abort", b"hang."):
            inspect(replace(call, data=call.data[start : start + size]))
        start += size
    return worker.inspect_many(call)


def main() -> None:
    worker.main({**worker.OPERATIONS, "inspect": inspect, "inspect_many": inspect_many, "decode": decode})
