"""Turns a picture that only states how it lies so that the wanted letters come to its edges."""

from dataclasses import replace
from itertools import product

from viewers.geometry.orientation import EdgeLetters, stated_edge_letters
from viewers.geometry.plane import ImagePlane
from viewers.image.volume import Volume
from viewers.state.framing import displayed, own_plane
from viewers.state.view_state import ViewState

# Turns first: a picture is mirrored only where turning does not do.
_WAYS = tuple(product((False, True), (0, 90, 180, 270)))


def turned(state: ViewState, volume: Volume, right: str, bottom: str) -> ViewState:
    """Return the state flipped and turned so that ``right`` and ``bottom`` are at those edges, as far as can be had.

    Not turned where the image does not state how it lies, or lies in the patient's space. Both letters count, else the
    right one alone. What cannot be turned so is not laid against an edge either: it may be the wrong one.
    """
    stated, free = _stated(state, volume), replace(state, against=None)
    if not (right or bottom):
        return state
    if stated is None:
        return free
    ways = [replace(state, flipped_horizontally=flipped, rotation_degrees=degrees) for flipped, degrees in _WAYS]
    letters = {way: _letters(way, volume, stated) for way in ways}
    both = [way for way in ways if _has(letters[way].right, right) and _has(letters[way].bottom, bottom)]
    one = [way for way in ways if _has(letters[way].right, right) and way.rotation_degrees == 0]
    return next(iter((*both, *one)), free)


def _stated(state: ViewState, volume: Volume) -> tuple[str, str] | None:
    if volume.is_spatial or not volume.acquisitions:
        return None
    return volume.acquisitions[min(state.slice_index, len(volume.acquisitions) - 1)].patient_orientation


def _letters(state: ViewState, volume: Volume, stated: tuple[str, str]) -> EdgeLetters:
    own = own_plane(volume, state.slice_index)
    shown = displayed(own.orientation, state)
    plane = ImagePlane(own.origin_lps, shown.row_direction, shown.column_direction, 1.0, 1, 1)
    return stated_edge_letters(stated, plane)


def _has(letters: str, wanted: str) -> bool:
    return not wanted or letters.startswith(wanted)
