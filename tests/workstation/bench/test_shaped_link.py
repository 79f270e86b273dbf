"""The link of the benchmarks: what comes through is what was sent, and no sooner than the line allows."""

import socket
import threading
import time

from workstation.bench.shaped_link import ShapedLink

CONTENT = bytes(range(256)) * 800


def answering(server: socket.socket) -> None:
    near, _ = server.accept()
    with near:
        near.recv(100)
        near.sendall(CONTENT)


def test_bytes_come_unchanged_after_the_distance_and_at_the_speed_of_the_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answering, args=(server,), daemon=True).start()
        with ShapedLink(f"http://127.0.0.1:{server.getsockname()[1]}/x", 1_000_000, 0.1) as link:
            port = int(link.url.split(":")[2].partition("/")[0])
            with socket.create_connection(("127.0.0.1", port)) as client:
                started = time.monotonic()
                client.sendall(b"give")
                came = b"".join(iter(lambda: client.recv(65_536), b""))
                taken_s = time.monotonic() - started
    assert came == CONTENT
    # 0.2 MB at 1 MB/s, of which at most a tenth of a second is made up for, behind one round trip.
    assert taken_s >= 0.1 + len(CONTENT) / 1_000_000 - 0.1 - 0.01
