"""The words that viewports draw, in the reader's language."""

from viewers.annotations.errors import NOT_MEASURED
from viewers.image.sampling import Projection
from viewers.qt.labels import ViewportLabels
from viewers.state.resolved import Mark
from viewers.tools.registry import TOOLS
from workstation.translations import Translator

_PRESET_TITLE = "volume_presets."
_VALUES = tuple(dict.fromkeys(name for tool in TOOLS.values() for name in tool.values))


def viewport_labels(words: Translator) -> ViewportLabels:
    """Return the labels of viewports."""

    def text(key: str) -> str:
        # The placeholders stay: the viewport fills them.
        return words.strings[f"viewport.{key}"]

    return ViewportLabels(
        decimal_point=text("decimal_point"),
        slice=text("slice"),
        position=text("position"),
        thickness=text("thickness"),
        window=text("window"),
        zoom=text("zoom"),
        slab=text("slab"),
        scale=text("scale"),
        inverted=text("inverted"),
        missing_slice=text("missing_slice"),
        missing_part=text("missing_part"),
        missing_part_of_layer=text("missing_part_of_layer"),
        at_places=text("at_places"),
        layer=text("layer"),
        empty=text("empty"),
        failed=text("failed"),
        volume_rendering=text("volume_rendering"),
        no_volume_rendering=text("no_volume_rendering"),
        curved=text("curved"),
        curved_empty=text("curved_empty"),
        curved_refused=text("curved_refused"),
        curved_length=text("curved_length"),
        curved_at=text("curved_at"),
        curved_turned=text("curved_turned"),
        curved_span=text("curved_span"),
        clipped=text("clipped"),
        measured_on_lossy=text("measured_on_lossy"),
        measured_on_partial=text("measured_on_partial"),
        measured_on_reduced=text("measured_on_reduced"),
        projections={projection.value: text(f"projection.{projection}") for projection in Projection},
        volume_presets={
            key.removeprefix(_PRESET_TITLE): title
            for key, title in words.strings.items()
            if key.startswith(_PRESET_TITLE)
        },
        values={name: text(f"value.{name}") for name in _VALUES},
        refusals={one.key: text(f"refusal.{one.key.rpartition('.')[2]}") for one in NOT_MEASURED},
        marks={mark: text(f"mark.{mark}") for mark in Mark},
    )
