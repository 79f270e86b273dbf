"""The objects that the catalogue holds, checked as they are read, and fetched again where their files are spoilt."""

import logging
from collections.abc import Callable, Iterator

from workstation.decoding.errors import PoolClosed
from workstation.errors import WorkstationError
from workstation.retrieval.errors import ObjectLost
from workstation.retrieval.ports import CatalogueLike, DecoderLike, Held, HubLike, ObjectsLike
from workstation.store.errors import ObjectDamaged, ObjectMissing
from workstation.translations import Translator

_log = logging.getLogger(__name__)

Hubs = Callable[[], Iterator[HubLike]]


class HeldObjects:
    """Gives the bytes of held objects, never spoilt ones. Thread safe; fetching again blocks."""

    def __init__(
        self, catalogue: CatalogueLike, objects: ObjectsLike, decoder: DecoderLike, hubs: Hubs, words: Translator
    ) -> None:
        self._catalogue = catalogue
        self._objects = objects
        self._decoder = decoder
        self._hubs = hubs
        self._words = words

    def get(self, held: Held) -> bytes:
        """Return one object as it was received; one that is spoilt on the disk is fetched again by itself.

        Raises
        ------
        ObjectLost
            It is spoilt and no hub gives the same bytes again: it counts as missing from now on.
        """
        instance = held.reference.instance
        try:
            return self._objects.get(instance, held.digest.text)
        except (ObjectDamaged, ObjectMissing) as error:
            _log.warning("a held object is fetched again: %s", error.technical)
        self._objects.delete(instance)
        for hub in self._hubs():
            part10 = self._fetched(hub, held)
            if part10 is not None:
                self._objects.put(instance, part10, durable=False, zero_preamble=True, digest=held.digest.text)
                return self._objects.get(instance, held.digest.text)
        lost = ObjectLost("spoilt on the disk and on no hub")
        self._catalogue.lose(held.reference.study, (instance,), self._words.error(lost))
        raise lost

    def _fetched(self, hub: HubLike, held: Held) -> bytes | None:
        """Return the object from one hub, or nothing unless it is the same, byte for byte."""
        try:
            part10 = hub.retrieve_instance(held.reference)
            received = self._decoder.inspect(part10)
        except PoolClosed:
            raise
        except WorkstationError as error:
            _log.warning("a hub does not give an object again: %s", type(error).__name__)
            return None
        return part10 if received.digest == held.digest else None
