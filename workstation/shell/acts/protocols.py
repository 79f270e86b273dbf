"""Hanging protocols: their steps, and the choice among them."""

from workstation.shell.acts import needs
from workstation.shell.acts.act import Act, Group
from workstation.shell.acts.context import ActContext


def _step(steps: int, context: ActContext) -> None:
    context.calls.step_protocol(steps)


PROTOCOL_ACTS = (
    Act("next_step", Group.ARRANGEMENT, lambda context: _step(1, context), needs=(needs.a_case,)),
    Act("previous_step", Group.ARRANGEMENT, lambda context: _step(-1, context), needs=(needs.a_case,)),
    Act("protocols", Group.ARRANGEMENT, lambda context: context.calls.show_protocols(), needs=(needs.a_case,)),
)
