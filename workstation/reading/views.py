"""What every viewport of an open case is asked to show, and how a change of one is taken over by others.

Lives on the thread of the model. A change is announced once for each viewport that changed; the window resolves and
paints. Nothing but the reader's own acts changes a viewport that shows something. The parts: `view_store` holds states
and volumes, `view_hanging` what is hung, `view_navigation` moves it, `view_links` lets linked viewports follow.
"""

from collections.abc import Callable, Collection, Mapping

from viewers.annotations.model import Annotation
from viewers.errors import ReaderError
from viewers.geometry.rigid import RigidTransform
from viewers.graphics.presentation import PresentationState
from viewers.identifiers import InstanceUID, SeriesUID, ViewportId
from viewers.image.volume import Volume
from viewers.signal import Signal
from viewers.state.document_look import DocumentLook
from viewers.state.layout import Layout
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.tools.intents import NavigationIntent
from workstation.reading.arrangement import Arrangement, Crosshair, Hung
from workstation.reading.comparing import Comparing
from workstation.reading.display_floors import ShownBelowFloor
from workstation.reading.protocols.hanging import HungStep
from workstation.reading.shown_images import ShownImages
from workstation.reading.shown_objects import ChosenObjects, ShownObjects
from workstation.reading.view_archive import read_views, write_views
from workstation.reading.view_changes import place_of
from workstation.reading.view_hanging import NOTHING_HUNG, ViewHanging
from workstation.reading.view_links import ViewLinks
from workstation.reading.view_navigation import ViewNavigation
from workstation.reading.view_store import ViewStore


class Views:
    """The view states of one case; ``priors`` are the series of earlier studies."""

    def __init__(self) -> None:
        self._store = ViewStore()
        self._links = ViewLinks(self._store, NOTHING_HUNG)
        self.refused: Signal[ReaderError] = self._links.refused
        self._hanging = ViewHanging(self._store, self._links, self.refused)
        self._navigation = ViewNavigation(self._store, self._links, self._hanging.show_in, self.refused)
        self._comparing = Comparing(self._store, self._links, self._hanging)
        self.chosen = ChosenObjects()
        self.below_floor = ShownBelowFloor()
        self.view_changed: Signal[ViewportId] = self._store.view_changed
        self.layout_changed: Signal[Layout] = self._store.layout_changed

    @property
    def layout(self) -> Layout:
        """The grid of viewports."""
        return self._store.layout

    @property
    def arrangement(self) -> Arrangement:
        """How the case is hung."""
        return self._hanging.hung.arrangement

    @property
    def step(self) -> HungStep | None:
        """The step of a protocol that hangs; ``None`` in another arrangement."""
        return self._hanging.hung.step

    @property
    def has_acted(self) -> bool:
        """Whether the reader has acted on what hangs."""
        return self._hanging.has_acted

    def touch(self) -> None:
        """Take note that the reader has acted on what hangs: what comes late fills empty viewports only."""
        self._hanging.has_acted = True

    @property
    def current(self) -> VolumeReference | None:
        """The volume of the current study that is hung."""
        return self._hanging.current

    @property
    def prior(self) -> VolumeReference | None:
        """The volume that the current one is compared with."""
        return self._hanging.prior

    @property
    def priors(self) -> frozenset[SeriesUID]:
        """The series of earlier studies."""
        return self._hanging.priors

    @priors.setter
    def priors(self, priors: frozenset[SeriesUID]) -> None:
        self._hanging.priors = priors

    @property
    def crosshair(self) -> Crosshair | None:
        """The point that viewports share."""
        return self._store.crosshair

    @property
    def shown(self) -> ShownImages:
        """What was decoded and shown of each series."""
        return self._store.shown

    @property
    def presentation(self) -> PresentationState | None:
        """The presentation state that is applied to the images it names."""
        return self._store.presentation

    @property
    def links(self) -> ViewLinks:
        """What follows what, and the ways between the spaces of examinations."""
        return self._links

    @property
    def comparing(self) -> Comparing:
        """What the reader does with two examinations."""
        return self._comparing

    @property
    def volumes(self) -> Mapping[VolumeReference, Volume]:
        """The volumes that have been put."""
        return self._store.volumes

    def known(self, reference: VolumeReference) -> Volume | None:
        """Return a volume that has been put."""
        return self._store.volumes.get(reference)

    def awaited(self) -> frozenset[SeriesUID]:
        """Return the series that viewports are asked to show and that have not come."""
        wanted = {one for state in self._store.states.values() for one in state.volumes}
        return frozenset(reference.series for reference in wanted - self._store.volumes.keys())

    def open_series(self) -> frozenset[SeriesUID]:
        """Return the series that viewports show or wait for."""
        return frozenset(one.series for state in self._store.states.values() for one in state.volumes)

    def holds(self, instance: InstanceUID, frame_index: int) -> bool:
        """Whether a volume with this image has been put."""
        return place_of(self._store.volumes, instance, frame_index) is not None

    def state(self, viewport: ViewportId) -> ViewState | None:
        """Return what a viewport is asked to show."""
        return self._store.state(viewport)

    def volume(self, viewport: ViewportId) -> Volume | None:
        """Return the volume in a viewport."""
        return self._store.volume(viewport)

    def layer(self, viewport: ViewportId) -> Volume | None:
        """Return the volume that is laid over the one in a viewport."""
        return self._store.layer(viewport)

    def resolved(self, viewport: ViewportId) -> ResolvedView | None:
        """Return what a viewport shows, or ``None`` where it is empty or has no size yet."""
        return self._store.resolved(viewport)

    def put(self, volumes: tuple[Volume, ...]) -> None:
        """Make all volumes of some series known; who waits for one shows it, who shows less of it keeps the image."""
        moved = self._hanging.put({VolumeReference(volume.series, volume.index): volume for volume in volumes})
        self._comparing.follow(moved)

    def withdraw(self, series: Collection[SeriesUID]) -> None:
        """Let go of the volumes of some series, which are not to be shown: their viewports are empty at once."""
        self._store.withdraw(series)

    def open(self, current: VolumeReference, prior: VolumeReference | None = None) -> None:
        """Hang a volume of the current study, and perhaps one of a prior, in the chosen arrangement."""
        self._hanging.open(current, prior)

    def arrange(self, arrangement: Arrangement) -> None:
        """Hang what is open in another way: what the active viewport shows, at the same place and window."""
        self._hanging.arrange(arrangement)

    def hang_step(self, step: HungStep) -> None:
        """Hang a step of a protocol; what has not come is waited for."""
        self._hanging.hang_step(step)

    def improve(self, step: HungStep) -> None:
        """Hang what has become known for the step that hangs; after an act of the reader, in empty viewports only."""
        self._hanging.improve(step)

    def compare_with(self, prior: VolumeReference) -> None:
        """Hang the current volume beside one of a prior, which may still have to come."""
        self._hanging.prior = prior
        self._hanging.arrange(Arrangement.COMPARE)

    def show_in(self, viewport: ViewportId, reference: VolumeReference) -> None:
        """Show a volume as a stack in one viewport, by the reader's own act."""
        self._hanging.show_in(viewport, reference)
        self._hanging.has_acted = True

    def show_document(self, instance: InstanceUID, viewport: ViewportId | None = None) -> None:
        """Show a document in a viewport; of the planes of a volume it takes the place of the last, the volume in 3D."""
        self._hanging.has_acted = True
        layout = self.layout
        place = layout.viewports[-1] if self.arrangement is Arrangement.MPR else layout.active
        self._hanging.replace_in_place(ViewState(viewport or place, ViewKind.DOCUMENT, document=DocumentLook(instance)))

    def resize(self, viewport: ViewportId, size: ViewportSize) -> None:
        """Take note of a viewport's size."""
        self._store.resize(viewport, size)

    def navigate(self, viewport: ViewportId, intent: NavigationIntent) -> None:
        """Apply an intent, in device pixels of the viewport, and let linked viewports follow."""
        self._hanging.has_acted = True
        self._navigation.navigate(viewport, intent)

    def change(self, viewport: ViewportId, change: Callable[[ViewState], ViewState]) -> None:
        """Apply a change of presentation (invert, turn, flip, reset) to one viewport; linked ones share its window."""
        self._hanging.has_acted = True
        self._navigation.change(viewport, change)

    def lay_over(self, viewport: ViewportId, change: Callable[[ViewState], ViewState]) -> None:
        """Change volume, layer and colours of a viewport; planes of the same volume take part in it."""
        self._hanging.has_acted = True
        self._navigation.lay_over(viewport, change)

    def reset(self, viewport: ViewportId) -> None:
        """Show a picture as it was hung, without what the reader did to it since."""
        self.change(viewport, self._hanging.as_hung)

    def reset_planes(self, viewport: ViewportId) -> None:
        """Turn all planes of the volume in a viewport back to how they were hung."""
        self._hanging.has_acted = True
        self._navigation.reset_planes(viewport)

    def joined(self, base: VolumeReference) -> Mapping[VolumeReference, RigidTransform | None]:
        """Return the way from a volume to each other one of the same person, ``None`` within one frame of reference."""
        return self._links.joined(base)

    def preset(self, viewport: ViewportId, preset_id: str) -> None:
        """Show a viewport, and those linked with it, with the window of a preset."""
        self._hanging.has_acted = True
        self._navigation.preset(viewport, preset_id)

    def go_to(self, mark: Annotation) -> bool:
        """Show the image of a mark, in a viewport on its series or else in the active one; false if it is not here."""
        self._hanging.has_acted = True
        return self._navigation.go_to(mark)

    def go_to_image(self, instance: InstanceUID, frame_index: int) -> ViewportId | None:
        """Show one image and return the viewport that shows it; ``None`` where no volume holds it."""
        self._hanging.has_acted = True
        return self._navigation.go_to_image(instance, frame_index)

    def show_objects(self, shown: ShownObjects) -> None:
        """Keep what the reader chose of the objects of others; apply the presentation state to the images it names."""
        self.chosen = shown.chosen(self.chosen)
        self._hanging.know_reports(shown.reports)
        self._store.present(shown.presentation)

    def activate(self, viewport: ViewportId) -> None:
        """Make one viewport the one that keys act on."""
        if viewport != self._store.layout.active:
            self._hanging.has_acted = True
            self._store.set_layout(self._store.layout.activated(viewport))

    def toggle_enlarged(self, viewport: ViewportId) -> None:
        """Enlarge one viewport, or show the grid again."""
        self._hanging.has_acted = True
        self._store.set_layout(self._store.layout.toggled(viewport))

    def archive(self) -> str:
        """Return the states as versioned JSON, to be kept with the draft."""
        told = (self.crosshair, self._links.bridges, self.comparing.confirmed)
        kept = (self.shown, self.chosen, self.below_floor)
        step = self.step
        hung = None if step is None else (step.protocol, step.number)
        return write_views(self.arrangement, self.layout, tuple(self._store.states.values()), *told, *kept, step=hung)

    def restore(self, archived: str) -> bool:
        """Hang what was archived, exactly; an archive that cannot be read changes nothing and gives false."""
        found = read_views(archived)
        if found is None:
            return False
        self._store.crosshair, self.chosen, self.below_floor = found.crosshair, found.chosen, found.below_floor
        self._store.shown = found.shown.knowing(self._store.volumes.values())
        step = None if found.step is None else HungStep(found.step[0], found.step[1], 0, found.layout, ())
        self._hanging.restore(Hung(found.arrangement, found.layout, found.states, step))
        self._links.bridges = found.bridges
        self.comparing.confirm(*found.confirmed)
        return True
