"""Going through the images of the active viewport."""

from viewers.tools.intents import ScrollBy
from workstation.shell.acts import needs
from workstation.shell.acts.act import Act, Group

_STRIDE = 10
_TO_THE_END = 1_000_000


def _scroll(name: str, slices: int) -> Act:
    return Act(name, Group.IMAGES, lambda context: context.navigate(ScrollBy(slices)), needs=(needs.a_picture,))


IMAGE_ACTS = (
    _scroll("previous_image", -1),
    _scroll("next_image", 1),
    _scroll("back_images", -_STRIDE),
    _scroll("forward_images", _STRIDE),
    _scroll("first_image", -_TO_THE_END),
    _scroll("last_image", _TO_THE_END),
)
