"""Keeps one listener for each hub of the profile, and says which hubs have to be asked from time to time instead."""

from collections.abc import Callable

from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.news import Deaf, HubNews, Listening
from workstation.runtime.executor import Executor, Job, Pool
from workstation.worklist.listening import HubEars


class QueueListener:
    """Starts and stops listening; all of it is used from the window's thread, where the news arrive too."""

    def __init__(
        self,
        ears: HubEars,
        executor: Executor,
        heard: Callable[[HubNews], None],
        failed: Callable[[WorkstationError], None],
    ) -> None:
        self._ears = ears
        self._executor = executor
        self._heard = heard
        self._failed = failed
        self._jobs: dict[HubName, Job] = {}
        self._hearing: set[HubName] = set()
        self._is_stopped = False

    def follow(self, hubs: tuple[HubName, ...]) -> None:
        """Listen to these hubs, and to no others."""
        if self._is_stopped:
            return
        for gone in set(self._jobs) - set(hubs):
            self._jobs.pop(gone).cancel()
            self._hearing.discard(gone)
        for hub in hubs:
            if hub not in self._jobs:
                self._jobs[hub] = self._start(hub)

    def is_hearing(self, hub: HubName) -> bool:
        """Whether the hub tells by itself what changes."""
        return hub in self._hearing

    def stop(self) -> None:
        """Listen no more, until :meth:`resume`."""
        self._is_stopped = True
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()
        self._hearing.clear()

    def resume(self, hubs: tuple[HubName, ...]) -> None:
        """Listen again."""
        self._is_stopped = False
        self.follow(hubs)

    def _start(self, hub: HubName) -> Job:
        def listen(job: Job) -> None:
            def tell(news: HubNews) -> None:
                self._executor.post(lambda: None if job.is_cancelled else self._take(news))

            self._ears.listen(hub, tell, lambda: job.is_cancelled)

        return self._executor.run(Pool.LISTENING, listen, lambda _none: None, self._failed)

    def _take(self, news: HubNews) -> None:
        if isinstance(news, Listening):
            self._hearing.add(news.hub)
        elif isinstance(news, Deaf):
            self._hearing.discard(news.hub)
        self._heard(news)
