"""In which quantity the reader reads a volume: uptake of one kind or another, activity, what its values may become.

The window belongs to the quantity: with another one the default window of that is shown.
"""

from collections.abc import Mapping
from dataclasses import replace

from viewers.image.conversion import in_quantity
from viewers.image.errors import QuantityRefused
from viewers.image.volume import Volume
from viewers.state.view_state import ViewState, VolumeReference


class ReadVolumes:
    """Volumes in the quantities that were chosen, each made once; the voxels are shared."""

    def __init__(self) -> None:
        self._made: dict[tuple[VolumeReference, str], tuple[Volume, Volume]] = {}

    def of(self, state: ViewState | None, volumes: Mapping[VolumeReference, Volume]) -> Volume | None:
        """Return the volume that a state asks for, in its quantity, or as it is where it has no such."""
        if state is None or state.volume is None:
            return None
        return self.named(state.volume, state.quantity, volumes)

    def named(
        self, reference: VolumeReference, quantity: str, volumes: Mapping[VolumeReference, Volume]
    ) -> Volume | None:
        """Return a volume in the quantity of that name, or as it is where the name is empty or not to be had."""
        volume = volumes.get(reference)
        return volume if volume is None or quantity in ("", volume.quantity.name) else self._in(volume, quantity)

    def forget(self) -> None:
        """Let go of every volume."""
        self._made.clear()

    def _in(self, volume: Volume, name: str) -> Volume:
        reference = VolumeReference(volume.series, volume.index)
        made = self._made.get((reference, name))
        if made is not None and made[0] is volume:
            return made[1]
        # Nothing is kept of another volume that stood in its place: it would keep that one's voxels.
        self._made = {key: held for key, held in self._made.items() if key[0] != reference or held[0] is volume}
        try:
            read = in_quantity(volume, name)
        except QuantityRefused:
            # A series that goes on arriving may lose what its first images had: it is named as what it is then.
            read = volume
        self._made[reference, name] = (volume, read)
        return read


def in_next_quantity(state: ViewState, volume: Volume) -> ViewState:
    """Return the state that reads ``volume``, as it is read now, in the next of its quantities; the same without."""
    names = sorted({volume.quantity.name, *(one.quantity.name for one in volume.alternatives.conversions)} - {""})
    if len(names) < 2 or volume.quantity.name not in names:
        return state
    name = names[(names.index(volume.quantity.name) + 1) % len(names)]
    return replace(state, quantity=name, window=None, voi_function=None)


def of_quantity(state: ViewState, volume: Volume) -> ViewState:
    """Return the state without its window where that is one of another quantity than ``volume`` has."""
    if state.quantity in ("", volume.quantity.name):
        return state
    return replace(state, window=None, voi_function=None)
