"""Whether what a hub sent for one reference is what was asked for."""

from workstation.decoding.received import ReceivedInstance
from workstation.domain.study import InstanceReference


def is_what_was_asked(received: ReceivedInstance, wanted: InstanceReference) -> bool:
    """Whether data set and file meta information name the object that was asked for."""
    return received.meta_instance in (None, received.instance) and is_named(received.reference, wanted)


def is_named(found: InstanceReference, wanted: InstanceReference) -> bool:
    """Whether an object is the one that a reference names; what the reference leaves out is not compared."""
    named = ((found.study, wanted.study), (found.series, wanted.series))
    return found.instance == wanted.instance and all(not asked or one == asked for one, asked in named)
