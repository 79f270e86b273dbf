"""The objects of the open case: read off the window, shown in their tab and on the images, and followed to images."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from viewers.graphics.model import ImagePlace
from viewers.identifiers import SeriesUID, StudyUID, ViewportId
from workstation.dicom.objects.model import ReadObject
from workstation.errors import WorkstationError
from workstation.reading.objects import Objects
from workstation.reading.shown_objects import ShownObjects
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.document_viewport import PageWanted
from workstation.shell.notices import NoticeBar
from workstation.shell.objects_panel import ObjectsPanel
from workstation.shell.pages_view import Page
from workstation.shell.reading_page import ReadingPage
from workstation.translations import Translator

_DPI = 110


class ObjectsController(QObject):
    """Keeps which objects are shown; results of a case that was closed meanwhile are dropped."""

    def __init__(
        self,
        page: ReadingPage,
        panel: ObjectsPanel,
        notices: NoticeBar,
        objects: Objects,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._panel = panel
        self._notices = notices
        self._objects = objects
        self._executor = executor
        self._words = words
        self._jobs: list[Job] = []
        self._shown = ShownObjects()
        self._wanted: ImagePlace | None = None
        self._barred: set[StudyUID] = set()
        panel.part_ticked.connect(lambda parts, is_on: self._change(self._shown.with_ticked(parts, is_on)))
        panel.presentation_chosen.connect(lambda instance: self._change(self._shown.with_applied(instance)))
        panel.image_asked.connect(self._go_to)
        panel.pages_asked.connect(self._draw_pages)
        panel.opened.connect(lambda shown: page.marks.open_document(shown.reference.instance))
        documents = page.board.documents
        documents.page_asked.connect(self._draw_page)
        documents.text_asked.connect(self._read_texts)
        documents.image_asked.connect(self._go_to)
        page.volumes_changed.connect(self._perhaps_go)

    def study_here(self, study: StudyUID) -> None:
        """Read the objects of a study that is on this computer, and show of them what the draft kept."""
        self._run(Pool.COMPUTE, lambda _job: self._objects.of_study(study), self._read)

    def take_back(self, study: StudyUID) -> None:
        """Show nothing of the objects of a study that proved to be of someone else."""
        self._barred.add(study)
        self._change(self._shown.without_study(study))

    def close_case(self) -> None:
        """Let go of everything."""
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self._wanted = None
        self._barred.clear()
        self._change(ShownObjects())

    def _read(self, found: tuple[ReadObject, ...]) -> None:
        ours = tuple(one for one in found if one.reference.study not in self._barred)
        self._change(self._shown.with_objects(ours, self._page.marks.chosen_objects))

    def _change(self, shown: ShownObjects) -> None:
        self._shown = shown
        self._panel.show_objects(shown)
        self._page.marks.show_objects(shown)

    def _draw_pages(self, shown: ReadObject) -> None:
        pdf = shown.pdf
        if pdf is None:
            return

        def drawn(pages: tuple[Page, ...]) -> None:
            self._panel.show_pages(shown, pages)

        def refused(error: WorkstationError) -> None:
            if self._panel.current is shown:
                self._panel.show_refused(self._words().error(error))

        self._run(Pool.COMPUTE, lambda _job: self._objects.pages(pdf, _DPI), drawn, refused)

    def _draw_page(self, wanted: PageWanted) -> None:
        pdf, documents = wanted.shown.pdf, self._page.board.documents
        if pdf is None:
            return

        def drawn(found: tuple[int, Page]) -> None:
            documents.show_page(wanted, *found)

        def refused(error: WorkstationError) -> None:
            documents.show_refused(wanted.viewport, self._words().error(error))

        self._run(Pool.COMPUTE, lambda _job: self._objects.page(pdf, wanted.page, wanted.dpi), drawn, refused)

    def _read_texts(self, viewport: ViewportId, shown: ReadObject) -> None:
        pdf = shown.pdf
        if pdf is None:
            return

        def read(texts: tuple[str, ...]) -> None:
            self._page.board.documents.show_texts(viewport, shown, texts)

        def refused(error: WorkstationError) -> None:
            self._page.board.documents.show_texts_refused(viewport, shown, self._words().error(error))

        self._run(Pool.COMPUTE, lambda _job: self._objects.page_texts(pdf), read, refused)

    def _go_to(self, place: ImagePlace) -> None:
        if self._is_here(place):
            self._page.marks.go_to_image(place.instance, _first(place))
            return
        self._run(Pool.STORE, lambda _job: self._objects.place_of(place.instance), lambda at: self._ask(place, at))

    def _ask(self, place: ImagePlace, at: tuple[StudyUID, SeriesUID] | None) -> None:
        """Load the series of an image that is held; say of one that is not that it is not."""
        if at is None or not self._page.images.load_series(at[1]):
            self._notices.show_notice(self._words().text("objects.image_not_held"))
            return
        self._wanted = place

    def _perhaps_go(self) -> None:
        place = self._wanted
        if place is not None and self._is_here(place):
            self._wanted = None
            self._page.marks.go_to_image(place.instance, _first(place))

    def _is_here(self, place: ImagePlace) -> bool:
        return self._page.marks.holds(place.instance, _first(place))

    def _run(
        self,
        pool: Pool,
        work: Callable[[Job], object],
        done: Callable[..., None],
        missed: Callable[[WorkstationError], None] | None = None,
    ) -> None:
        self._jobs.append(self._executor.run(pool, work, done, missed or self._notices.show_error))


def _first(place: ImagePlace) -> int:
    return place.frames[0] if place.frames else 0
