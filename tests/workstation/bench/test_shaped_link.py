"""The link of the benchmarks: what comes through is what was sent, at the speed of the line by its own reckoning."""

import socket
import threading

import pytest

from workstation.bench.shaped_link import Direction, ShapedLink

CONTENT = bytes(range(256)) * 800


def answering(server: socket.socket) -> None:
    near, _ = server.accept()
    with near:
        near.recv(100)
        near.sendall(CONTENT)


def test_bytes_come_unchanged_through_the_link() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answering, args=(server,), daemon=True).start()
        with ShapedLink(f"http://127.0.0.1:{server.getsockname()[1]}/x", 10_000_000, 0.01) as link:
            port = int(link.url.split(":")[2].partition("/")[0])
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(b"give")
                came = b"".join(iter(lambda: client.recv(65_536), b""))
    assert came == CONTENT


def test_pieces_wait_for_each_other_and_idle_time_is_not_saved_up() -> None:
    now = 100.0
    direction = Direction(1_000.0, 0.02, lambda: now)
    assert direction.carried_at(100) == pytest.approx(100.0)
    assert [direction.carried_at(500), direction.carried_at(500)] == pytest.approx([100.5, 101.0])
    now = 200.0
    assert direction.carried_at(1_000) == pytest.approx(200.9)
