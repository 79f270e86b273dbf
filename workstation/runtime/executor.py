"""Thread pools and jobs: the only place where threads are made.

Work runs off the window's thread and may not touch widgets; its result comes back through ``post``, which runs a
callable on the thread that owns the model. A cancelled job's result is dropped. A failure is never lost: it reaches
``failed`` as an error with a sentence, and the log with its technical message.
"""

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from typing import TypeVar

from viewers.image.bands import Bands, ThreadBands
from workstation.errors import WorkstationError

Result = TypeVar("Result")
Post = Callable[[Callable[[], None]], None]

_log = logging.getLogger("workstation.runtime")


class Pool(StrEnum):
    """Where work runs. The store pool has one thread: one writer; listening to a hub keeps a thread for good."""

    NETWORK = "network"
    STORE = "store"
    COMPUTE = "compute"
    LISTENING = "listening"
    PICTURES = "pictures"


# More threads than this make no picture faster.
PAINTERS = min(os.cpu_count() or 1, 8)
_SIZES = {Pool.NETWORK: 4, Pool.STORE: 1, Pool.COMPUTE: 2, Pool.LISTENING: 8, Pool.PICTURES: max(PAINTERS - 1, 1)}


class UnexpectedFailure(WorkstationError):
    """A defect of ours, met while working in the background."""

    key = "unexpected"


class Job:
    """One piece of work; cancelling it drops its result and asks the work to stop."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop and drop its result."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the result is no longer wanted; long work checks it between steps."""
        return self._cancelled.is_set()


class Executor:
    """Runs work on a pool and brings the outcome back through ``post``."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._jobs: set[Job] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._pools = {
            pool: ThreadPoolExecutor(size, thread_name_prefix=f"requis-{pool.value}") for pool, size in _SIZES.items()
        }

    def run(
        self,
        pool: Pool,
        work: Callable[[Job], Result],
        done: Callable[[Result], None],
        failed: Callable[[WorkstationError], None],
    ) -> Job:
        """Start ``work``; exactly one of ``done`` and ``failed`` is called back, none after a cancellation.

        Once closed, the job that is returned is cancelled already: a timer of a window
        that goes may still fire.
        """
        job = Job()

        def attempt() -> None:
            try:
                if job.is_cancelled:
                    return
                result = work(job)
            except WorkstationError as error:
                _log.warning("%s: %s", type(error).__name__, error.technical)
                self._deliver(job, partial(failed, error))
            except Exception as error:
                _log.exception("unexpected failure in the %s pool", pool.value)
                failure = UnexpectedFailure(type(error).__name__)
                self._deliver(job, partial(failed, failure))
            else:
                self._deliver(job, partial(done, result))
            finally:
                with self._lock:
                    self._jobs.discard(job)

        with self._lock:
            if self._closed:
                _log.warning("work for the %s pool came after closing and is dropped", pool.value)
                job.cancel()
                return job
            self._jobs.add(job)
            self._pools[pool].submit(attempt)
        return job

    def post(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the thread that owns the model: for progress, from inside work."""
        self._post(call)

    @property
    def bands(self) -> Bands:
        """The rows of a picture shared between the thread that paints it and a pool of its own, for every core."""
        return ThreadBands(self._pools[Pool.PICTURES], PAINTERS)

    def close(self) -> None:
        """Write all that the store was given, first; then ask other work to stop, wait for it, drop what is queued."""
        with self._lock:
            self._closed = True
        self._pools[Pool.STORE].shutdown(wait=True)
        with self._lock:
            running = tuple(self._jobs)
        for job in running:
            job.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, job: Job, call: Callable[[], None]) -> None:
        self._post(lambda: None if job.is_cancelled else call())
