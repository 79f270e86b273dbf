"""Hangs volumes in the viewports of a case, and places them when they come."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID, ViewportId
from viewers.image.volume import Volume
from viewers.signal import Signal
from viewers.state.document_look import DocumentLook
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from workstation.reading.arrangement import Arrangement, Crosshair, Hung, hang
from workstation.reading.protocols.hanging import HungStep
from workstation.reading.protocols.model import PaneKind
from workstation.reading.step_states import (
    as_first_shown,
    merged,
    newly_shown,
    placed_pane,
    states_of,
    through_shared_point,
)
from workstation.reading.view_changes import (
    carried,
    places,
    point_shown,
    refilled,
    through,
    why_no_planes,
    with_layer_moved,
)
from workstation.reading.view_links import ViewLinks
from workstation.reading.view_store import ViewStore

NOTHING_HUNG = hang(Arrangement.STACK, None, None, middle_slices={})


class ViewHanging:
    """What is hung. Once the reader ``has_acted``, nothing but such acts changes a viewport that is not empty."""

    def __init__(self, store: ViewStore, links: ViewLinks, refused: Signal[ReaderError]) -> None:
        self._store = store
        self._links = links
        self._refused = refused
        self._unplaced: set[ViewportId] = set()
        self.hung = NOTHING_HUNG
        self.has_acted = False
        self._reports: tuple[tuple[StudyUID, InstanceUID], ...] = ()
        self.current: VolumeReference | None = None
        self.prior: VolumeReference | None = None
        self.priors: frozenset[SeriesUID] = frozenset()
        store.set_layout(self.hung.layout)

    def open(self, current: VolumeReference, prior: VolumeReference | None) -> None:
        """Hang a volume of the current study, and perhaps one of a prior, in the chosen arrangement."""
        self.current, self.prior = current, prior if prior is not None else self.prior
        arrangement = self.hung.arrangement
        self._hang(Arrangement.STACK if arrangement is Arrangement.PROTOCOL else arrangement, current)

    def arrange(self, arrangement: Arrangement) -> None:
        """Hang what is open in another way: what the active viewport shows, at the same place and window."""
        active = self._store.state(self._store.layout.active)
        subject = active.volume if active is not None and active.volume is not None else self.current
        if arrangement is Arrangement.COMPARE:
            subject = self.current or subject
        volume = self._store.volumes.get(subject) if subject and arrangement is Arrangement.MPR else None
        if volume is not None and (error := why_no_planes(volume)) is not None:
            self._refused.emit(error)
            return
        self._hang(arrangement, subject)

    def hang_step(self, step: HungStep) -> None:
        """Hang a step of a protocol: what is known now, at the point that is shared; the rest is waited for."""
        store = self._store
        states = states_of(step, store.volumes, store.crosshair)
        self._unplaced = {state.viewport for state in states if state.volume not in store.volumes}
        for state in reversed(states):
            if state.volume is not None:
                self._note(state.volume)
        self._show(Hung(Arrangement.PROTOCOL, step.layout, states, step))
        self._share_a_point()
        self._hang_documents()

    def improve(self, step: HungStep) -> None:
        """Hang what has become known for the step that hangs; once the reader has acted, in empty viewports only."""
        here, store = self.hung.step, self._store
        if here is None or (here.protocol, here.number) != (step.protocol, step.number):
            return
        fresh = newly_shown(step, store.states, store.volumes, store.crosshair, has_acted=self.has_acted)
        self.hung = replace(self.hung, step=merged(here, step, store.states, fresh))
        for state in fresh:
            self._unplaced.discard(state.viewport)
            if state.volume not in store.volumes:
                self._unplaced.add(state.viewport)
            store.set(state)
        self.hung = replace(self.hung, states=tuple(store.states.values()))
        self._links.of(self.hung)
        self._share_a_point()

    def as_hung(self, state: ViewState) -> ViewState:
        """Return the state as it was first shown: as the step of a protocol says, where one hangs it."""
        volume = self._store.volumes.get(state.volume) if state.volume is not None else None
        pane = self.hung.step.pane(state.viewport) if self.hung.step is not None else None
        is_hung = pane is not None and volume is not None and pane.reference == state.volume
        return as_first_shown(state, pane, volume) if is_hung and pane and volume else state.reset()

    def know_reports(self, reports: Sequence[tuple[StudyUID, InstanceUID]]) -> None:
        """Take note of the reports of the case, by study; viewports that wait for one show it."""
        self._reports = tuple(reports)
        self._hang_documents()

    def show_in(self, viewport: ViewportId, reference: VolumeReference) -> None:
        """Show a volume as a stack in one viewport, by the reader's own act."""
        self._note(reference)
        if self.hung.arrangement is Arrangement.MPR:
            # Planes are of one volume: another one is opened as a stack of its own.
            self._hang(Arrangement.STACK, reference)
            return
        volume = self._store.volumes.get(reference)
        self._unplaced.discard(viewport)
        if volume is None:
            self._unplaced.add(viewport)
        self._store.set(ViewState(viewport, ViewKind.STACK, reference, volume.voxels.shape[0] // 2 if volume else 0))
        self.hung = replace(self.hung, states=tuple(self._store.states.values()))
        self._links.of(self.hung)

    def replace_in_place(self, state: ViewState) -> None:
        """Show another volume in a viewport, as its state says; everything else stays as it hangs."""
        if state.volume is not None:
            self._note(state.volume)
        self._unplaced.discard(state.viewport)
        self.has_acted = True
        self._store.set(state)
        self.hung = replace(self.hung, states=tuple(self._store.states.values()))
        self._links.of(self.hung)

    def put(self, fresh: Mapping[VolumeReference, Volume]) -> Mapping[VolumeReference, VolumeReference]:
        """Take all volumes of some series: who waits for one shows it, who shows less of it keeps the image.

        Return where volumes that were known have come to lie among the fresh ones: those alone that moved.
        """
        before = self._store.replace_volumes(fresh)
        moved = {one: place for one, place in places(before, fresh).items() if place != one}
        self._links.move(moved)
        series = {reference.series for reference in fresh}
        for old in tuple(self._store.states.values()):
            state = with_layer_moved(old, moved)
            if state.volume is not None and state.volume.series in series:
                self._store.renew(self._placed(state, before.get(state.volume), fresh))
            elif any(one.series in series for one in state.volumes):
                self._store.renew(state)
        for reference, volume in fresh.items() if self.hung.step is None else ():
            self._settle_planes(reference, volume)
        self._share_a_point()
        return moved

    def restore(self, hung: Hung) -> None:
        """Hang what was archived."""
        for state in hung.states:
            if state.volume is not None:
                self._note(state.volume)
        self._show(hung)
        self.has_acted = True

    def _hang(self, arrangement: Arrangement, subject: VolumeReference | None) -> None:
        seen, volumes = self._store.seen(), self._store.volumes
        hung = hang(arrangement, subject, self.prior, middle_slices=self._store.middle_slices())
        states = tuple(self._carried(state, seen) for state in hung.states)
        self._unplaced = {state.viewport for state in states if state.volume not in volumes}
        self._show(replace(hung, states=states))
        volume = volumes.get(subject) if subject is not None else None
        if subject is not None and volume is not None:
            self._settle_planes(subject, volume)

    def _show(self, hung: Hung) -> None:
        self.hung = hung
        self.has_acted = False
        self._store.replace_states(hung.states)
        self._links.of(hung)
        self._store.set_layout(hung.layout)
        for viewport in hung.layout.viewports:
            self._store.view_changed.emit(viewport)

    def _settle_planes(self, reference: VolumeReference, volume: Volume) -> None:
        """Let planes of a volume that is here share one point; one that cannot be cut is shown as a stack."""
        first = next((state for state in self._store.states.values() if state.volume == reference), None)
        if first is None or first.kind is not ViewKind.MPR:
            return
        error = why_no_planes(volume)
        point = point_shown(first, volume)
        if error is not None or point is None:
            self._hang(Arrangement.STACK, reference)
            if error is not None:
                self._refused.emit(error)
        elif self._store.crosshair is None or self._store.crosshair.point_lps != first.centre_lps:
            self._store.set(replace(first, centre_lps=point))
            self._links.point_at(first.viewport, Crosshair(point, volume.frame_of_reference))

    def _share_a_point(self) -> None:
        """Let the viewports of a step share the point that the first of them shows, once a plane is cut there."""
        if self.hung.step is None or self._store.crosshair is not None:
            return
        shown = [one for one in self._store.shown_now().values() if one.volume.is_spatial]
        cut = {one.volume.frame_of_reference for one in shown if one.state.kind is ViewKind.MPR}
        first = next((one for one in shown if one.volume.frame_of_reference in cut), None)
        point = None if first is None else point_shown(first.state, first.volume)
        if first is not None and point is not None:
            self._store.set(through(first.state, point, first.volume))
            self._links.point_at(first.state.viewport, Crosshair(point, first.volume.frame_of_reference))

    def _carried(self, state: ViewState, seen: Mapping[VolumeReference, ViewState]) -> ViewState:
        volume = self._store.volumes.get(state.volume) if state.volume is not None else None
        old = seen.get(state.volume) if state.volume is not None else None
        return state if volume is None or old is None else carried(state, old, volume)

    def _placed(self, state: ViewState, before: Volume | None, fresh: Mapping[VolumeReference, Volume]) -> ViewState:
        if before is not None:
            placed = refilled(state, before, fresh)
            if placed.volume is not None and placed.volume != state.volume:
                self._note(placed.volume)
            return placed
        volume = fresh.get(state.volume) if state.volume is not None else None
        if volume is None or state.viewport not in self._unplaced:
            return state
        self._unplaced.discard(state.viewport)
        pane = self.hung.step.pane(state.viewport) if self.hung.step is not None else None
        if pane is not None and pane.reference == state.volume:
            return through_shared_point(placed_pane(pane, volume, state), volume, self._store.crosshair)
        return replace(state, slice_index=volume.voxels.shape[0] // 2)

    def _hang_documents(self) -> None:
        """Show reports in the empty viewports that the step keeps for them."""
        step, store = self.hung.step, self._store
        for pane in () if step is None else step.panes:
            is_free = pane.pane.kind is PaneKind.DOCUMENT and store.state(pane.viewport) is None
            found = next((instance for study, instance in self._reports if study == pane.study), None)
            if is_free and found is not None:
                store.set(ViewState(pane.viewport, ViewKind.DOCUMENT, document=DocumentLook(found)))
        self.hung = replace(self.hung, states=tuple(store.states.values()))

    def _note(self, reference: VolumeReference) -> None:
        if reference.series in self.priors:
            self.prior = reference
        else:
            self.current = reference
