"""From the state asked for to the picture shown: pure, so that what is shown can be computed, compared and tested."""

from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.state.kinds.registry import KINDS
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewState


def resolve(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None = None) -> ResolvedView:
    """Return what a viewport of ``size`` shows of ``volume`` in ``state``.

    ``fitted`` serves an image without any window of its own, where the caller already knows it: finding one takes
    some milliseconds.

    Raises
    ------
    NoSpace
        Another plane than its own slices is asked of an image without patient space.
    """
    return KINDS[state.kind].resolve(state, volume, size, fitted)
