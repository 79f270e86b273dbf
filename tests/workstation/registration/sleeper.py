"""A worker that takes a registration and never answers."""

import time

from workstation.decoding.call import Call
from workstation.decoding.wire import Message
from workstation.decoding.worker import main as serve


def _sleep(call: Call) -> Message:
    while True:
        time.sleep(60.0)


def main() -> None:
    serve({"register": _sleep})
