"""The worker processes that the workstation keeps: calls go to a free one, lost ones are replaced."""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from workstation.decoding.answers import blocks_of, needs_more, pages_of, pixels_of, received_each, received_of
from workstation.decoding.errors import (
    CrashedTwice,
    DecodeTimeout,
    DecodingError,
    NoPixels,
    PoolClosed,
    TooLarge,
    WorkerLost,
)
from workstation.decoding.heads import Heads
from workstation.decoding.limits import LOADS_PIXELS, PAGE_END, DecodeLimits
from workstation.decoding.process import Answer, WorkerCommand, WorkerProcess
from workstation.decoding.received import ReceivedInstance
from workstation.decoding.watchdog import Watchdog
from workstation.dicom.objects.model import Block
from workstation.domain.digest import Digest
from workstation.domain.octets import Octets

_LOSSES_ALLOWED = 2
_LOSSES_REMEMBERED = 4096
# Larger ones gain nothing from company.
_TOGETHER_BYTES = 32 << 20


class DecoderPool:
    """Reads received bytes in other processes. Thread safe: each call takes a free worker, or waits for one.

    Every call may raise ``NotDicom``, a kind of ``DecodeRefused``, ``WorkerLost``, ``DecodeTimeout`` or ``PoolClosed``.
    """

    def __init__(
        self, workers: int | None = None, limits: DecodeLimits | None = None, command: WorkerCommand | None = None
    ) -> None:
        self._size = workers or max(2, min(4, (os.cpu_count() or 2) - 1))
        self._limits = limits or DecodeLimits()
        self._command = command or WorkerCommand()
        self._watchdog = Watchdog()
        self._changed = threading.Condition()
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._losses: OrderedDict[str, int] = OrderedDict()
        self._closed = False
        self._loaded: tuple[str, ...] = ()
        self._heads = Heads()

    def __enter__(self) -> "DecoderPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def workers(self) -> int:
        """How many calls can be answered at the same time."""
        return self._size

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that run now."""
        with self._changed:
            return tuple(worker.pid for worker in self._all)

    def prewarm(self, workers: int | None = None, *, pixels: bool = False) -> None:
        """Start so many workers now, all by default; returns at once, they get ready while others work.

        With ``pixels``, those that start from now on load what decodes pixels before they are asked for it.
        """
        with self._changed:
            self._loaded = (LOADS_PIXELS,) if pixels else ()
            while not self._closed and len(self._all) < min(workers or self._size, self._size):
                self._idle.append(self._start())
            self._changed.notify_all()

    def inspect(self, part10: Octets) -> ReceivedInstance:
        """Read what an object is, without decoding its pixels."""
        head = self._heads.of(part10)
        answer = self._call("inspect", (head,), whole=len(part10))
        if len(head) < len(part10):
            self._heads.learn(suffices=not needs_more(answer.fields))
            if needs_more(answer.fields):
                answer = self._call("inspect", (part10,), whole=len(part10))
        return received_of(answer, part10)

    def inspect_many(self, part10s: Sequence[Octets]) -> list[ReceivedInstance | DecodingError]:
        """Read what several objects are in one call, each as ``inspect`` would: what was read, or why it was not.

        One object on which a worker is lost does not take the others with it.
        """
        heads = [self._heads.of(part10) for part10 in part10s]
        if len(part10s) > 1 and sum(map(len, heads)) <= min(_TOGETHER_BYTES, self._limits.input_bytes):
            try:
                wholes = [*map(len, part10s)]
                answer = self._call("inspect_many", heads, sizes=[*map(len, heads)], wholes=wholes)
                found = [*zip(part10s, received_each(answer, part10s), strict=True)]
                self._heads.learn(suffices=all(read is not None for _, read in found))
                # What is refused in company may only have wanted more room.
                return [read if isinstance(read, ReceivedInstance) else self._inspected(one) for one, read in found]
            except PoolClosed:
                raise
            except DecodingError:
                # Which of them it was is found by asking for each alone.
                pass
        return [self._inspected(part10) for part10 in part10s]

    def decode(self, part10: Octets) -> NDArray[np.generic]:
        """Return stored values, shape (frames, rows, columns), or (frames, rows, columns, 3) for colour as RGB.

        Uncompressed values are a view of ``part10``, without a copy. The array is read-only.
        """
        pixels = pixels_of(self._call("decode", (part10,)), part10, self._limits)
        if pixels is None:
            raise NoPixels("none came")
        return pixels

    def values(self, received: ReceivedInstance, part10: Octets) -> NDArray[np.generic]:
        """Return what ``decode`` does, of an object that was inspected: without a worker where it lies ready."""
        return self.decode(part10) if received.ready is None else received.ready.of(part10)

    def overlays(self, part10: Octets) -> NDArray[np.uint16] | None:
        """Return the overlays on the matrix of the image, shape (frames, rows, columns), or ``None`` without any.

        Bit n stands for the n-th group, 0x6000 + 2 n.
        """
        masks = pixels_of(self._call("overlays", (part10,)), part10, self._limits)
        return None if masks is None else masks.astype(np.uint16, copy=False)

    def pdf_pages(self, pdf: bytes) -> int:
        """Return the number of pages of a PDF."""
        return pages_of(self._call("pdf_pages", (pdf,)))

    def pdf_text(self, pdf: bytes) -> str:
        """Return the text of a PDF, page after page."""
        return "\n".join(self.pdf_page_texts(pdf))

    def pdf_page_texts(self, pdf: bytes) -> tuple[str, ...]:
        """Return the text of each page of a PDF."""
        text = self._call("pdf_text", (pdf,)).body.decode("utf-8", "replace")
        return tuple(text.removesuffix(PAGE_END).split(PAGE_END))

    def clinical_document(self, xml: bytes) -> tuple[Block, ...]:
        """Return a CDA document as plain blocks; one with a document type is refused."""
        return blocks_of(self._call("clinical_document", (xml,)))

    def render_pdf(self, pdf: bytes, page: int, dpi: int) -> NDArray[np.uint8]:
        """Return one page of a PDF, counted from 0, shape (height, width, 3), RGB."""
        pixels = pixels_of(self._call("render_pdf", (pdf,), page=page, dpi=dpi), pdf, self._limits)
        if pixels is None:
            raise NoPixels("none came")
        return pixels.astype(np.uint8, copy=False)

    def close(self) -> None:
        """Kill all workers; calls that wait end with ``PoolClosed``."""
        with self._changed:
            self._closed = True
            for worker in self._all:
                worker.kill()
            for worker in self._idle:
                self._all.discard(worker)
                worker.close()
            self._idle.clear()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._all)
        self._watchdog.close()

    def _inspected(self, part10: Octets) -> ReceivedInstance | DecodingError:
        try:
            return self.inspect(part10)
        except PoolClosed:
            raise
        except DecodingError as error:
            return error

    def _call(self, operation: str, data: Sequence[Octets], **fields: int | list[int]) -> Answer:
        size = sum(map(len, data))
        if size > self._limits.input_bytes:
            raise TooLarge("input")
        self._refuse_known_crasher(data)
        seconds = self._limits.parse_seconds(size)
        with self._worker() as worker:
            try:
                return worker.call(operation, data, seconds, **fields)
            except (WorkerLost, DecodeTimeout):
                if self._closed:
                    raise PoolClosed("while it was asked") from None
                self._count_loss(data)
                raise

    @contextmanager
    def _worker(self) -> Iterator[WorkerProcess]:
        worker = self._take()
        lives = True
        try:
            yield worker
        except (WorkerLost, DecodeTimeout, PoolClosed):
            lives = False
            raise
        finally:
            self._give_back(worker, lives)

    def _take(self) -> WorkerProcess:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._idle) or len(self._all) < self._size)
            if self._closed:
                raise PoolClosed("before it was asked")
            return self._idle.pop() if self._idle else self._start()

    def _give_back(self, worker: WorkerProcess, lives: bool) -> None:
        with self._changed:
            if lives and not self._closed:
                self._idle.append(worker)
            else:
                self._all.discard(worker)
                worker.close()
                if not self._closed:
                    # Its successor gets ready while nobody waits for it.
                    self._idle.insert(0, self._start())
            self._changed.notify_all()

    def _start(self) -> WorkerProcess:
        worker = WorkerProcess(self._command, self._limits, self._watchdog, self._loaded)
        self._all.add(worker)
        return worker

    def _refuse_known_crasher(self, data: Sequence[Octets]) -> None:
        with self._changed:
            if not self._losses:
                return
        digests = [Digest(one).text for one in data]
        with self._changed:
            if any(self._losses.get(digest, 0) >= _LOSSES_ALLOWED for digest in digests):
                raise CrashedTwice("workers were lost on these bytes")

    def _count_loss(self, data: Sequence[Octets]) -> None:
        if len(data) > 1:
            return
        digest = Digest(data[0]).text
        with self._changed:
            self._losses[digest] = self._losses.pop(digest, 0) + 1
            while len(self._losses) > _LOSSES_REMEMBERED:
                self._losses.popitem(last=False)
