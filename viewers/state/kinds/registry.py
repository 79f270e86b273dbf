"""The table of the kinds of viewport."""

from collections.abc import Mapping
from types import MappingProxyType

from viewers.state.kinds.base import Kind
from viewers.state.kinds.curved import CURVED_KIND
from viewers.state.kinds.document import DOCUMENT_KIND
from viewers.state.kinds.mpr import MPR_KIND
from viewers.state.kinds.stack import STACK_KIND
from viewers.state.kinds.volume import VOLUME_KIND
from viewers.state.view_state import ViewKind

KINDS: Mapping[ViewKind, Kind] = MappingProxyType(
    {kind.id: kind for kind in (STACK_KIND, MPR_KIND, VOLUME_KIND, CURVED_KIND, DOCUMENT_KIND)}
)
