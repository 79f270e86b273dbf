"""The marks of the case on the reading page: which is selected, and the image that each of them lies on."""

from collections.abc import Callable

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, InstanceUID, SeriesUID, ViewportId
from workstation.reading.session import ReadingSession
from workstation.reading.shown_objects import ChosenObjects, ShownObjects
from workstation.reading.views import Views
from workstation.shell.measurements_panel import Measure, MeasurementsPanel
from workstation.shell.reading_acts import ReadingActs
from workstation.shell.viewport_board import ViewportBoard
from workstation.shell.viewport_contents import Marks


class PageMarks:
    """Follows one open case.

    ``load`` asks for a series, ``keep`` for the view state to be kept; ``say`` tells a sentence by its key in the
    translations.
    """

    def __init__(
        self,
        board: ViewportBoard,
        panel: MeasurementsPanel,
        acts: ReadingActs,
        load: Callable[[SeriesUID], object],
        keep: Callable[[], object],
        say: Callable[[str], None],
    ) -> None:
        self._board = board
        self._panel = panel
        self._acts = acts
        self._load = load
        self._keep = keep
        self._say = say
        self._session: ReadingSession | None = None
        self._views: Views | None = None
        self._objects = ShownObjects()
        self.selected: AnnotationId | None = None

    def open_case(self, session: ReadingSession, views: Views, measure: Measure) -> None:
        """Show the marks of a case from now on."""
        self._session, self._views = session, views
        self._panel.open_case(measure, lambda mark: self.holds(mark.instance, mark.frame_index))

    def close_case(self) -> None:
        """Let go of everything."""
        self._session = self._views = self.selected = None
        self._panel.clear()

    def changed(self, annotations: tuple[Annotation, ...]) -> None:
        """Show the marks as they are now; one that is gone is selected no more."""
        if self.selected not in {one.id for one in annotations}:
            self.selected = None
        self.show()

    def show(self) -> None:
        """Show marks, selection and key images on the pictures and in the list."""
        annotations = self._session.annotations if self._session is not None else ()
        key_images = self._session.answers.key_images if self._session is not None else ()
        self._board.show_marks(Marks(annotations, self.selected, key_images, objects=self._objects))
        self._panel.show_marks(annotations, self.selected)
        self._acts.selected_mark = self.selected

    def select(self, mark: AnnotationId | None) -> None:
        """Select a mark on the pictures and in the list."""
        self.selected = mark
        self.show()

    def go_to(self, mark: AnnotationId) -> None:
        """Show the image of a mark and select it."""
        found = [one for one in (self._session.annotations if self._session is not None else ()) if one.id == mark]
        if not found or self._views is None:
            return
        self.select(mark)
        if not self._views.go_to(found[0]):
            self._load(found[0].series)
            self._say("reading_page.mark_not_here")

    def go_to_image(self, instance: InstanceUID, frame_index: int) -> None:
        """Show one image, such as a key image."""
        if self._views is not None and self._views.go_to_image(instance, frame_index) is None:
            self._say("reading_page.image_not_here")

    def holds(self, instance: InstanceUID, frame_index: int) -> bool:
        """Whether an image can be shown now."""
        return self._views is not None and self._views.holds(instance, frame_index)

    def show_objects(self, shown: ShownObjects) -> None:
        """Show what others drew on these images, and apply a presentation state or none."""
        self._objects = shown
        if self._views is not None and shown.objects:
            self._views.show_objects(shown)
            self._keep()
        self.show()

    def open_document(self, instance: InstanceUID, viewport: ViewportId | None = None) -> None:
        """Show an object that is no image in a viewport, the active one by default."""
        if self._views is not None:
            self._views.show_document(instance, viewport)

    def open_document_of(self, series: SeriesUID) -> bool:
        """Show the object of a series that holds no images; false where none of it has been read."""
        found = next((one for one in self._objects.objects if one.reference.series == series), None)
        if found is None:
            return False
        self.open_document(found.reference.instance)
        return True

    @property
    def chosen_objects(self) -> ChosenObjects:
        """What the reader chose of the objects of others, here or when the draft was last open."""
        return ChosenObjects() if self._views is None else self._views.chosen
