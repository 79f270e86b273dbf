"""Starts children that have imported everything already, and kills them: a start costs milliseconds instead of seconds.

One JSON document a line comes in, such as ``{"start": "tests.crash.reader", "arguments": [...]}`` or ``{"kill": 123}``.
One goes out for each start and for each end; in between come the lines of the children, which write to the same pipe.
"""

import importlib
import json
import os
import signal
import sys
import traceback

FAILED = 70


def say(document: object) -> None:
    """Write one line, whole or not at all: a pipe takes so few bytes at once."""
    os.write(1, json.dumps(document).encode() + b"\n")


def run_child(module: str, arguments: list[object]) -> None:
    """Run one child to its end; it never returns to the server."""
    status = FAILED
    try:
        say({"started": os.getpid()})
        importlib.import_module(module).main(*arguments)
        status = 0
    except BaseException as error:
        say({"failed": repr(error)})
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def main(modules: list[str]) -> None:
    """Serve until the input ends; whoever is still alive then is killed."""
    for module in modules:
        importlib.import_module(module)
    alive: set[int] = set()
    say({"ready": os.getpid()})
    for line in sys.stdin:
        wish = json.loads(line)
        if "start" in wish:
            child = os.fork()
            if child == 0:
                run_child(wish["start"], wish["arguments"])
            alive.add(child)
            continue
        child = wish.get("kill") or wish["wait"]
        if "kill" in wish:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        alive.discard(child)
        say({"ended": child, "status": os.waitstatus_to_exitcode(status)})
    for child in alive:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
