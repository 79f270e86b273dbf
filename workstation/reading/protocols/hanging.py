"""One step of a protocol over what is known of a case now: what each viewport shows, or waits for. Pure."""

from collections import defaultdict
from dataclasses import dataclass, replace

from viewers.errors import ReaderError
from viewers.geometry.plane import AXIAL
from viewers.identifiers import StudyUID, ViewportId
from viewers.image.description import Window
from viewers.image.presets import preset_window
from viewers.image.volume import Volume
from viewers.state.layout import Layout, grid
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import FusedLayer, ViewKind, ViewState, VolumeReference
from viewers.sync.synchroniser import Link
from workstation.reading.protocols.facts import PLANES, CaseFacts, facts_of_volume
from workstation.reading.protocols.model import Pane, PaneKind, Protocol, Step
from workstation.reading.protocols.selecting import select
from workstation.reading.protocols.turning import turned
from workstation.reading.view_changes import why_no_planes


@dataclass(frozen=True, slots=True)
class HungPane:
    """One viewport of a step; ``reference`` is ``None`` where nothing that is known fits.

    ``slice_index`` is the image that is meant, where it is not the whole volume; ``over`` is what is fused on it.
    ``study`` is the one whose report a viewport for a document waits for.
    """

    viewport: ViewportId
    pane: Pane
    reference: VolumeReference | None
    slice_index: int | None = None
    over: VolumeReference | None = None
    study: StudyUID | None = None


@dataclass(frozen=True, slots=True)
class HungStep:
    """A step of a protocol as it hangs; ``number`` counts from 0."""

    protocol: str
    number: int
    count: int
    layout: Layout
    panes: tuple[HungPane, ...]
    linked: frozenset[LinkKind] = frozenset()

    def pane(self, viewport: ViewportId) -> HungPane | None:
        """Return what hangs in a viewport."""
        return next((one for one in self.panes if one.viewport == viewport), None)

    def links(self) -> tuple[Link, ...]:
        """Return the links between its viewports; windows are shared by those of one selector and preset alone."""
        viewports = frozenset(one.viewport for one in self.panes)
        links = [Link(kind, viewports) for kind in LinkKind if kind in self.linked and kind is not LinkKind.WINDOW]
        if LinkKind.WINDOW in self.linked:
            alike: dict[tuple[tuple[str, ...], str], set[ViewportId]] = defaultdict(set)
            for one in self.panes:
                alike[one.pane.volumes, one.pane.preset].add(one.viewport)
            links.extend(Link(LinkKind.WINDOW, frozenset(group)) for group in alike.values() if len(group) > 1)
        return tuple(links)


def hang_step(protocol: Protocol, number: int, case: CaseFacts) -> HungStep:
    """Return a step over what is known; the number goes round."""
    count = len(protocol.steps)
    step = protocol.steps[number % count]
    layout = grid(step.rows, step.columns)
    return HungStep(protocol.id, number % count, count, layout, _panes(protocol, step, layout, case), step.links)


def _panes(protocol: Protocol, step: Step, layout: Layout, case: CaseFacts) -> tuple[HungPane, ...]:
    hung: list[HungPane] = []
    for viewport, pane in zip(layout.viewports, step.panes, strict=False):
        taken = {(one.reference, one.slice_index) for one in hung if one.reference and one.pane.volumes != pane.volumes}
        study = case.study(pane.prior)
        selectors = [selector for name in pane.volumes for selector in protocol.selectors[name]]
        found = select(selectors, study, taken)
        over = select(protocol.selectors[pane.over], study) if pane.over else None
        reference = None if found is None else found.reference
        index = None if found is None else found.slice_index
        asked = study.summary.uid if study is not None and pane.kind is PaneKind.DOCUMENT else None
        hung.append(HungPane(viewport, pane, reference, index, None if over is None else over.reference, asked))
    return tuple(hung)


def state_of(hung: HungPane, volume: Volume | None) -> ViewState | None:
    """Return what a viewport is asked to show; ``None`` where it is empty. Without the volume it waits for it."""
    if hung.reference is None:
        return None
    pane = hung.pane
    waiting = ViewState(
        hung.viewport,
        ViewKind.STACK,
        hung.reference,
        hung.slice_index or 0,
        orientation=PLANES.get(pane.plane, AXIAL),
        zoom=pane.zoom,
        inverted=pane.is_inverted,
        fused=None if hung.over is None else FusedLayer(hung.over),
    )
    if volume is None:
        return waiting
    kind = _kind(pane, volume)
    if kind is ViewKind.STACK:
        index = volume.voxels.shape[0] // 2 if hung.slice_index is None else hung.slice_index
        laid = replace(waiting, slice_index=index, against=pane.against)
        state = turned(laid, volume, pane.right, pane.bottom)
    else:
        state = replace(waiting, kind=kind, slab=pane.slab)
    return replace(state, window=_window(pane, volume))


def _kind(pane: Pane, volume: Volume) -> ViewKind:
    """Return how it is shown: what cannot be cut, or was acquired in the plane that is wanted, as it was acquired."""
    if pane.kind is PaneKind.STACK or why_no_planes(volume) is not None:
        return ViewKind.STACK
    if pane.kind is PaneKind.VOLUME:
        return ViewKind.VOLUME
    if pane.kind is PaneKind.PLANE and facts_of_volume(volume).plane == pane.plane:
        return ViewKind.STACK
    return ViewKind.MPR


def _window(pane: Pane, volume: Volume) -> Window | None:
    """Return the window of the preset; a volume that it does not fit has its own."""
    if not pane.preset:
        return None
    try:
        return preset_window(pane.preset, volume)
    except ReaderError:
        return None
