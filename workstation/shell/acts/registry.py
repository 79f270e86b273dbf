"""The table of acts, one line for each group; the order within a group is the order in bar, menu and palette."""

from collections.abc import Mapping
from types import MappingProxyType

from workstation.shell.acts.act import Act
from workstation.shell.acts.arrangements import ARRANGEMENT_ACTS
from workstation.shell.acts.cine import CINE_ACTS
from workstation.shell.acts.comparison import COMPARISON_ACTS
from workstation.shell.acts.curved import CURVED_ACTS
from workstation.shell.acts.document import DOCUMENT_ACTS
from workstation.shell.acts.fusion import FUSION_ACTS
from workstation.shell.acts.going import GOING_ACTS
from workstation.shell.acts.history import HISTORY_ACTS
from workstation.shell.acts.images import IMAGE_ACTS
from workstation.shell.acts.page import PAGE_ACTS
from workstation.shell.acts.picture import PICTURE_ACTS
from workstation.shell.acts.planes import PLANE_ACTS
from workstation.shell.acts.protocols import PROTOCOL_ACTS
from workstation.shell.acts.steps import STEP_ACTS
from workstation.shell.acts.tools import TOOL_ACTS
from workstation.shell.acts.volume import VOLUME_ACTS
from workstation.shell.acts.windows import WINDOW_ACTS

ACTS: tuple[Act, ...] = (
    *TOOL_ACTS,
    *ARRANGEMENT_ACTS,
    *COMPARISON_ACTS,
    *PROTOCOL_ACTS,
    *PICTURE_ACTS,
    *PLANE_ACTS,
    *FUSION_ACTS,
    *WINDOW_ACTS,
    *IMAGE_ACTS,
    *CINE_ACTS,
    *GOING_ACTS,
    *STEP_ACTS,
    *VOLUME_ACTS,
    *CURVED_ACTS,
    *DOCUMENT_ACTS,
    *HISTORY_ACTS,
    *PAGE_ACTS,
)

ACTS_BY_ID: Mapping[str, Act] = MappingProxyType({act.id: act for act in ACTS})
