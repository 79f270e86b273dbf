"""Ports of loopback for servers that are told where to listen, or that come back where they were."""

import itertools
import os
import socket

# Below what systems give to outgoing connections (Linux from 32,768, others from 49,152): a connection of somebody else
# would take the port of a server while that is away.
_FIRST, _COUNT = 20_000, 12_000
# Processes of one test run are numbered one after the other, and each asks for few.
_STRIDE = 97
_places = itertools.count(os.getpid() * _STRIDE)


def free_port() -> int:
    """Return a port that nobody listens on, no connection takes, and this process has not returned lately.

    Raises
    ------
    OSError
        There is none.
    """
    for place in itertools.islice(_places, _COUNT):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", _FIRST + place % _COUNT))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free")
