"""How viewports share the screen: a grid, one of them active, one perhaps enlarged over all."""

from dataclasses import dataclass, replace

from viewers.identifiers import ViewportId


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid filled row by row; ``viewports`` holds ``rows`` × ``columns`` of them."""

    rows: int
    columns: int
    viewports: tuple[ViewportId, ...]
    active: ViewportId
    enlarged: ViewportId | None = None

    def __post_init__(self) -> None:
        """Refuse a grid that its viewports do not fill.

        Raises
        ------
        ValueError
            A programmer's mistake: wrong number, a double, or an unknown active or enlarged viewport.
        """
        if self.rows * self.columns != len(self.viewports) or len(set(self.viewports)) != len(self.viewports):
            raise ValueError("the viewports do not fill the grid once each")
        if self.active not in self.viewports or self.enlarged not in (None, *self.viewports):
            raise ValueError("unknown viewport")

    def activated(self, viewport: ViewportId) -> "Layout":
        """Return the layout with another active viewport; an enlarged one gives way to it."""
        enlarged = None if self.enlarged is None else viewport
        return replace(self, active=viewport, enlarged=enlarged)

    def toggled(self, viewport: ViewportId) -> "Layout":
        """Return the layout after a double click: ``viewport`` enlarged, or the grid again."""
        return replace(self, active=viewport, enlarged=None if self.enlarged == viewport else viewport)

    @property
    def visible(self) -> tuple[ViewportId, ...]:
        """The viewports on screen, row by row."""
        return self.viewports if self.enlarged is None else (self.enlarged,)


def grid(rows: int, columns: int, current: Layout | None = None) -> Layout:
    """Return a grid of viewports ``v1``, ``v2``...; those already there keep their place and stay active."""
    viewports = tuple(ViewportId(f"v{number + 1}") for number in range(rows * columns))
    active = current.active if current is not None and current.active in viewports else viewports[0]
    return Layout(rows, columns, viewports, active)
