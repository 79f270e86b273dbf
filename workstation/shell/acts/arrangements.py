"""How the case is hung."""

from collections.abc import Callable

from workstation.reading.arrangement import Arrangement
from workstation.shell.acts import needs
from workstation.shell.acts.act import BAR, Act, Group
from workstation.shell.acts.context import ActContext


def _hang(arrangement: Arrangement) -> Callable[[ActContext], None]:
    """Hang in one way, or as a stack again where it is hung so already."""

    def hang(context: ActContext) -> None:
        wanted = Arrangement.STACK if arrangement is context.views.arrangement else arrangement
        if wanted is Arrangement.COMPARE:
            context.calls.compare()
        elif wanted is Arrangement.PROTOCOL:
            context.calls.step_protocol(0)
        else:
            context.views.arrange(wanted)

    return hang


def _is_hung(arrangement: Arrangement) -> Callable[[ActContext], bool]:
    return lambda context: context.case is not None and context.views.arrangement is arrangement


def _arrangement(arrangement: Arrangement) -> Act:
    return Act(
        arrangement.value,
        Group.ARRANGEMENT,
        _hang(arrangement),
        needs=(needs.a_case,),
        is_on=_is_hung(arrangement),
        places=BAR,
    )


ARRANGEMENT_ACTS = tuple(_arrangement(arrangement) for arrangement in Arrangement)
