"""What arrives, on its way through a pull: encrypted as it comes, read in a worker, taken over in order of arrival.

Two kinds of threads work on each object: one has it read by a worker, together with others, and takes over what was
read, in the order in which it came; the other encrypts it. The file gets its name when both are done. What is on its
way is bounded in bytes; ``put`` waits. Reading goes first: what comes in a rush is encrypted when the reader has it, or
within ``_LATEST_S``, so that no more than that time is lost to who is killed; what comes slowly is encrypted at once.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Protocol

from workstation.decoding.errors import DecodingError, PoolClosed
from workstation.decoding.received import ReceivedInstance
from workstation.errors import WorkstationError
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.ports import DecoderLike, ObjectsLike
from workstation.retrieval.transfer import Arrived
from workstation.store.errors import StoreError
from workstation.store.objects import Arrival

_MOST_BYTES = 384 << 20
_CROWDED_BYTES = 256 << 20
# Objects that follow each other faster come in a rush, which is over when nothing came for so long.
_RUSH_S = 0.02
_LATEST_S = 1.0
_STORING = 2
# Objects read in company cost the processes half of what they cost alone; in a rush the company is waited for.
_BATCH = 16
_COMPANY_S = 0.02
_BATCH_BYTES = 8 << 20
# Who waited for so long tells that one reader does not suffice.
_BEHIND_S = 0.1

Found = ReceivedInstance | DecodingError


class Taker(Protocol):
    """Who decides about what was read."""

    def take(self, arrived: Arrived, found: Found) -> bool:
        """Take one object over, in order of arrival; return whether its bytes are to be kept."""

    def keep(self, arrived: Arrived, received: ReceivedInstance, arrival: Arrival | None) -> None:
        """Give the bytes of an object that was taken over their place; called in any order, from several threads."""


@dataclass(slots=True, eq=False)
class _Item:
    arrived: Arrived
    came_at: float
    found: Found | None = None
    arrival: Arrival | None = None
    is_stored: bool = False
    is_taken: bool = False
    is_kept: bool = False


class _Stage:
    """What waits for one kind of thread."""

    def __init__(self, lock: threading.Lock) -> None:
        self.items: deque[_Item] = deque()
        self.filled = threading.Condition(lock)


class Pipeline:
    """The objects of one pull on their way, from ``with`` to its end. Thread safe."""

    def __init__(self, decoder: DecoderLike, objects: ObjectsLike, taker: Taker) -> None:
        self._decoder = decoder
        self._objects = objects
        self._taker = taker
        self._lock = threading.Lock()
        self._unread = _Stage(self._lock)
        self._unstored = _Stage(self._lock)
        self._untaken: deque[_Item] = deque()
        self._less = threading.Condition(self._lock)
        self._taking = threading.Lock()
        self._bytes = 0
        self._count = 0
        self._came_at = float("-inf")
        self._is_rush = False
        self._is_flushing = False
        self._failure: WorkstationError | None = None
        self._is_closing = False
        self._is_broken = False
        self._executor = ThreadPoolExecutor(decoder.workers + _STORING, "retrieval")
        readers = [partial(self._read, number) for number in range(decoder.workers)]
        stages: list[Callable[[], None]] = [*readers, *[self._store] * _STORING]
        self._threads: list[Future[None]] = [self._executor.submit(self._run, stage) for stage in stages]

    def __enter__(self) -> "Pipeline":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is on its way, and for the threads; images of someone else are told before any other end."""
        with self._lock:
            self._is_closing = True
            self._wake_all()
        self._executor.shutdown()
        if kind is None:
            self._raise()
        if isinstance(self._failure, SomeoneElsesImages) and error is not self._failure:
            raise self._failure from error

    def put(self, arrived: Arrived) -> None:
        """Send one object on its way; waits while too much is on it.

        Raises
        ------
        WorkstationError
            An object before it made the pull fail.
        """
        item = _Item(arrived, time.monotonic())
        with self._lock:
            self._less.wait_for(lambda: self._bytes < _MOST_BYTES or self._has_failed())
            if not self._has_failed():
                self._bytes += len(arrived.part10)
                self._count += 1
                self._is_rush = item.came_at - self._came_at < _RUSH_S
                self._came_at = item.came_at
                for waiting in (self._untaken, self._unread.items, self._unstored.items):
                    waiting.append(item)
                # Who reads or encrypts waits for company, or for the end of a rush, by itself, from the first on.
                if not self._is_rush or len(self._unread.items) == 1 or self._has_batch():
                    self._unread.filled.notify_all()
                if len(self._unstored.items) == 1 or self._is_crowded():
                    self._unstored.filled.notify_all()
                return
        self._raise()

    def flush(self) -> None:
        """Wait until all is taken over and stored.

        Raises
        ------
        WorkstationError
            An object made the pull fail. That something was someone else's is told before anything else.
        """
        with self._lock:
            self._is_flushing = True
            self._unread.filled.notify_all()
            self._unstored.filled.notify_all()
            self._less.wait_for(lambda: self._count == 0 or self._is_broken)
            self._is_flushing = False
        self._raise()

    def _has_failed(self) -> bool:
        return self._failure is not None or self._is_broken

    def _raise(self) -> None:
        self._raise_what_broke()
        if self._failure is not None:
            raise self._failure

    def _raise_what_broke(self) -> None:
        """Raise what ended a thread that should not have ended."""
        if self._is_broken:
            for thread in self._threads:
                if thread.done():
                    thread.result()

    def _run(self, stage: Callable[[], None]) -> None:
        is_whole = False
        try:
            stage()
            is_whole = True
        finally:
            if not is_whole:
                with self._lock:
                    self._is_broken = True
                    self._wake_all()

    def _read(self, number: int) -> None:
        while batch := self._next_batch(number):
            try:
                found = self._decoder.inspect_many([item.arrived.part10 for item in batch])
            except DecodingError as error:
                found = [error] * len(batch)
            for item, one in zip(batch, found, strict=True):
                item.found = one
            self._take()

    def _next_batch(self, number: int) -> list[_Item]:
        """Return what reader ``number`` is to have read."""
        waiting = self._unread.items
        with self._lock:
            while not (self._is_over() or (waiting and self._may_read() and self._is_needed(number))):
                self._unread.filled.wait(_COMPANY_S if waiting else None)
            batch: list[_Item] = []
            size = 0
            # What waits is shared out: one that came alone is read at once.
            most = _BATCH if self._has_batch() else 1 + len(waiting) // self._decoder.workers
            while waiting and len(batch) < most and (not batch or size < _BATCH_BYTES):
                item = waiting.popleft()
                batch.append(item)
                size += len(item.arrived.part10)
            return batch

    def _may_read(self) -> bool:
        """Whether those that wait are enough, or no more company comes, or the first of them has waited long enough."""
        is_late = time.monotonic() - self._unread.items[0].came_at > _COMPANY_S
        is_hurried = self._is_flushing or self._is_closing or self._has_failed()
        return not self._is_rush or is_late or self._has_batch() or is_hurried

    def _is_needed(self, number: int) -> bool:
        """Whether a reader helps: in a rush the first alone, for as long as it keeps up with what comes."""
        waiting = self._unread.items
        is_behind = len(waiting) >= 2 * number * _BATCH or time.monotonic() - waiting[0].came_at > _BEHIND_S
        return not self._is_rush or is_behind

    def _has_batch(self) -> bool:
        return len(self._unread.items) >= _BATCH

    def _store(self) -> None:
        if self._has_begun():
            # The disk makes it wait while images come; a disk that refuses will refuse the first image, too.
            with suppress(StoreError):
                self._objects.prepare()
        while (item := self._next_unstored()) is not None:
            # What is taken over by now is written once, under its own name; what was turned away is not written.
            is_early = not item.is_taken and not self._is_hopeless()
            try:
                item.arrival = self._objects.arrive(item.arrived.part10) if is_early else None
            except WorkstationError as error:
                self._fail(error)
            self._settle(item, is_stored=True)

    def _has_begun(self) -> bool:
        """Wait for the first object; return whether one came."""
        with self._lock:
            self._unstored.filled.wait_for(lambda: self._is_over() or self._unstored.items)
            return not self._is_over()

    def _next_unstored(self) -> _Item | None:
        waiting = self._unstored.items
        with self._lock:
            while not (self._is_over() or (waiting and self._may_store())):
                # Only the end of a rush is waited for by the clock: all else wakes.
                self._unstored.filled.wait(_RUSH_S if waiting else None)
            return waiting.popleft() if waiting and self._may_store() else None

    def _may_store(self) -> bool:
        """Whether the reader has what came and no more comes in a rush, or it cannot wait."""
        now = time.monotonic()
        has_all = not (self._untaken or self._taking.locked())
        is_over = self._is_flushing or not self._is_rush or now - self._came_at >= _RUSH_S
        is_late = bool(self._unstored.items) and now - self._unstored.items[0].came_at > _LATEST_S
        return (has_all and is_over) or is_late or self._is_closing or self._is_crowded() or self._has_failed()

    def _is_crowded(self) -> bool:
        return self._bytes > _CROWDED_BYTES

    def _take(self) -> None:
        """Take over what was read and is next in order; one thread at a time, for all that have read meanwhile."""
        while self._is_next_read() and self._taking.acquire(blocking=False):
            try:
                while (item := self._next_read()) is not None:
                    self._take_over(item)
            finally:
                self._taking.release()
        with self._lock:
            if not self._untaken:
                self._unstored.filled.notify_all()

    def _is_next_read(self) -> bool:
        with self._lock:
            return bool(self._untaken) and self._untaken[0].found is not None

    def _next_read(self) -> _Item | None:
        with self._lock:
            return self._untaken.popleft() if self._untaken and self._untaken[0].found is not None else None

    def _take_over(self, item: _Item) -> None:
        found = item.found
        try:
            if isinstance(found, PoolClosed):
                raise found
            item.is_kept = found is not None and not self._is_hopeless() and self._taker.take(item.arrived, found)
        except WorkstationError as error:
            self._fail(error)
        self._settle(item, is_taken=True)

    def _settle(self, item: _Item, *, is_stored: bool = False, is_taken: bool = False) -> None:
        """Note one of two steps; whoever does the last one gives the file its place, or takes it away."""
        with self._lock:
            item.is_stored |= is_stored
            item.is_taken |= is_taken
            if not (item.is_stored and item.is_taken):
                return
        try:
            if item.is_kept and isinstance(item.found, ReceivedInstance) and not self._is_hopeless():
                self._taker.keep(item.arrived, item.found, item.arrival)
            elif item.arrival is not None:
                self._objects.discard(item.arrival)
        except WorkstationError as error:
            self._fail(error)
        with self._lock:
            was_full = self._bytes >= _MOST_BYTES
            self._bytes -= len(item.arrived.part10)
            self._count -= 1
            if was_full or self._count == 0:
                self._less.notify_all()
            if self._is_over() or self._has_failed():
                self._wake_all()

    def _fail(self, error: WorkstationError) -> None:
        with self._lock:
            # No cut and no full disk may hide that something was someone else's.
            is_worse = isinstance(error, SomeoneElsesImages) and not isinstance(self._failure, SomeoneElsesImages)
            if self._failure is None or is_worse:
                self._failure = error
            self._wake_all()

    def _is_hopeless(self) -> bool:
        """Whether nothing more of this pull will be kept."""
        return isinstance(self._failure, SomeoneElsesImages | PoolClosed)

    def _wake_all(self) -> None:
        for stage in (self._unread, self._unstored):
            stage.filled.notify_all()
        self._less.notify_all()

    def _is_over(self) -> bool:
        return self._is_broken or (self._is_closing and self._count == 0)
