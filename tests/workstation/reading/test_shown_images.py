"""Which images the reader has had on the screen: slice by slice, kept with the draft (the ledger's last column)."""

from dataclasses import replace

import pytest

from tests.support.open_case import as_series
from tests.workstation.reading.test_views import REFERENCE, V1, V2, VOLUME, views_of
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.tools.intents import ScrollBy
from workstation.reading.arrangement import Arrangement
from workstation.reading.shown_images import ShownImages, ShownOfSeries
from workstation.reading.view_archive import shown_of
from workstation.reading.views import Views


def paint(views: Views, *viewports: ViewportId) -> None:
    """Paint as the board of the window does."""
    for viewport in viewports:
        resolved, volume = views.resolved(viewport), views.volume(viewport)
        assert resolved is not None
        assert volume is not None
        views.shown.paint(resolved, volume)


def counts(views: Views) -> ShownOfSeries:
    return shown_of(views.archive())[REFERENCE.series]


def test_each_slice_that_is_painted_counts_once_and_survives_in_the_archive() -> None:
    views = views_of(VOLUME)
    assert counts(views) == ShownOfSeries(40, 0)
    for _ in range(3):
        paint(views, V1)
        views.navigate(V1, ScrollBy(1))
    paint(views, V1)
    views.navigate(V1, ScrollBy(-1))
    paint(views, V1)
    assert counts(views) == ShownOfSeries(40, 4)
    again = Views()
    assert again.restore(views.archive())
    again.put((VOLUME,))
    assert counts(again) == ShownOfSeries(40, 4)


def test_a_whole_scroll_shows_all_and_a_plane_across_shows_none() -> None:
    views = views_of(VOLUME)
    views.navigate(V1, ScrollBy(-100))
    for _ in range(40):
        paint(views, V1)
        views.navigate(V1, ScrollBy(1))
    assert counts(views) == ShownOfSeries(40, 40)
    across = views_of(VOLUME)
    across.arrange(Arrangement.MPR)
    paint(across, V2)
    assert counts(across).shown in (0, 1)


def test_a_volume_that_has_grown_is_looked_at_anew() -> None:
    shown = ShownImages.read([[REFERENCE.series, 0, 30, "3fffffff"]])
    assert shown.by_series() == {REFERENCE.series: ShownOfSeries(30, 30)}
    shown.knowing([VOLUME])
    assert shown.by_series() == {REFERENCE.series: ShownOfSeries(40, 0)}


def others() -> Volume:
    """As many other images, where those of ``VOLUME`` lay in the series."""
    return as_series(VOLUME, REFERENCE.series)


@pytest.mark.parametrize("is_restored", [False, True])
def test_images_that_take_the_place_of_others_have_not_been_shown(is_restored: bool) -> None:
    views = views_of(VOLUME)
    paint(views, V1)
    assert counts(views) == ShownOfSeries(40, 1)
    assert views.shown.slices(REFERENCE) != 0
    after = Views() if is_restored else views
    if is_restored:
        assert after.restore(views.archive())
    after.put((others(), replace(VOLUME, index=1)))
    assert counts(after) == ShownOfSeries(80, 0)
    assert after.shown.slices(REFERENCE) == 0


def test_a_volume_that_is_no_more_is_not_counted() -> None:
    views = views_of(VOLUME, replace(others(), index=1))
    assert counts(views).decoded == 80
    views.put((VOLUME,))
    assert counts(views).decoded == 40


def test_an_archive_of_an_earlier_version_is_taken_at_its_word() -> None:
    shown = ShownImages.read([[REFERENCE.series, 0, 40, "3"]])
    assert shown.knowing([VOLUME]).by_series() == {REFERENCE.series: ShownOfSeries(40, 2)}


def test_an_archive_of_no_window_says_nothing() -> None:
    assert shown_of("") == {}
