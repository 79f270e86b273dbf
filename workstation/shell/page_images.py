"""The series of the case on the reading page: which are known, awaited, here, or not to be had."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.volume import Volume
from viewers.state.view_state import VolumeReference
from workstation.domain.study import StudySummary
from workstation.reading.protocols.facts import VolumeFacts
from workstation.reading.views import Views
from workstation.shell.awaited_series import AskFor, AwaitedSeries
from workstation.shell.case_hanging import CaseHanging
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.viewport_board import ViewportBoard
from workstation.shell.viewport_captions import CaseDirectory
from workstation.translations import Translator


class PageImages:
    """Follows one open case. ``tell`` says a sentence to the reader; ``changed`` is called as volumes come and go."""

    def __init__(
        self,
        series: SeriesPanel,
        board: ViewportBoard,
        ask_for: AskFor,
        tell: Callable[[str], None],
        changed: Callable[[], None],
        words: Callable[[], Translator],
    ) -> None:
        self._series = series
        self._board = board
        self._tell = tell
        self._changed = changed
        self._words = words
        self._views: Views | None = None
        self._awaited = AwaitedSeries(series, board, ask_for)
        self.hanging = CaseHanging(self._awaited, lambda key: tell(words().text(key)))
        self.case = CaseDirectory()

    def open_case(self, views: Views, studies: Sequence[StudySummary]) -> None:
        """Show the series of a case: ``studies`` with the one being read first."""
        self._views, self.case = views, CaseDirectory(studies)
        self.hanging.open_case(views, self.case)
        self._series.show_case(self.case)
        self._board.open_case(views, self.case)

    def close_case(self) -> None:
        """Let go of everything."""
        self._views, self.case = None, CaseDirectory()
        self.hanging.close_case()
        self._board.close_case()
        self._series.clear()

    def set_series(self, *found: StudySummary) -> None:
        """Show studies with their series as they are known now, those new to the case too; what is on screen stays."""
        studies = {one.uid: one for one in self.case.studies}
        studies |= {one.uid: replace(studies.get(one.uid, one), series=one.series) for one in found}
        self.case = CaseDirectory(tuple(studies.values()))
        self.hanging.show_case(self.case)
        self._series.show_case(self.case)
        if self._views is not None:
            self._board.show_case(self.case)
            self.hanging.go_on()

    def know(self, facts: Sequence[VolumeFacts]) -> None:
        """Take note of what the headers of a study tell of its volumes."""
        self.hanging.protocols.know(facts)

    def set_progress(self, series: SeriesUID, received: int, expected: int | None, *, is_ended: bool = False) -> None:
        """Show how many objects of a series have come; no more come once it ``is_ended``."""
        self._series.show_progress(series, received, expected, is_ended=is_ended)

    def put_volumes(self, volumes: Sequence[Volume], *, are_arriving: bool = False) -> None:
        """Take volumes that have been loaded, all of a series at once; no occupied viewport changes its image.

        ``are_arriving`` is of partial volumes whose series is still on its way: fuller ones follow by themselves.
        """
        if self._views is None:
            return
        if not are_arriving:
            self._awaited.come({volume.series for volume in volumes})
        self._views.put(tuple(volumes))
        self.hanging.take(volumes)
        self._series.put(volumes, are_arriving=are_arriving)
        fit = [volume for volume in volumes if volume.series not in self._views.priors]
        if self._views.current is None and fit:
            self._views.open(VolumeReference(fit[0].series, fit[0].index))
        self._board.refresh()
        self._changed()

    def take_back(self, study: StudyUID, error: ReaderError) -> tuple[SeriesUID, ...]:
        """Show nothing of a study any more, and return its series: what came of it is of someone else."""
        series = tuple(one.uid for found in self.case.studies if found.uid == study for one in found.series)
        self.let_go(*series)
        for one in series:
            self._awaited.fail(one, error)
        return series

    def let_go(self, *series: SeriesUID) -> None:
        """Show none of the volumes of some series, until others of them are put in their place."""
        if self._views is not None:
            self._views.withdraw(series)
        self._series.withdraw(series)
        self.hanging.protocols.forget(series)
        self._board.refresh()
        self._changed()

    def show_failure(self, series: SeriesUID, error: ReaderError) -> None:
        """Say in words why a series that was asked for cannot be shown."""
        self._awaited.fail(series, error)
        self._tell(self._words().error(error))

    def show_missed(self, series: SeriesUID, error: ReaderError) -> None:
        """Say of a series that it has not come whole, and why; it may be asked for again."""
        self._awaited.fail(series, error)

    def show_missed_study(self, study: StudyUID, error: ReaderError | None) -> None:
        """Say of a study why it has not come, or that it has: without an ``error``."""
        self._series.show_missed(study, error)

    def show_shortfalls(self, study: StudyUID, sentences: tuple[str, ...]) -> None:
        """Show where the hub lists less of a study than it counts."""
        self._series.show_shortfalls(study, sentences)

    def show_cancelled(self) -> None:
        """Show that nothing more comes by itself; what was asked for may be asked for again."""
        self._awaited.cancel()

    def ask_for(self, reference: VolumeReference) -> None:
        """Open a series in the active viewport; ask for it where it has not come."""
        self.hanging.ask_for(reference)

    def step_series(self, step: int) -> None:
        """Open the series so many places further in the list than the active viewport; say where there is none."""
        state = None if self._views is None else self._views.state(self._views.layout.active)
        shown = None if state is None else state.volume
        beside = self._series.beside(shown, step)
        if beside is None or beside == shown:
            self._tell(self._words().text("reading_page.no_further_series"))
        else:
            self.ask_for(beside)

    def load_series(self, series: SeriesUID) -> bool:
        """Ask for the images of a series; false where the case does not have it, or it holds no pictures."""
        return self.hanging.load_series(series)
