"""The protocols at hand: those that the program brings and the reader's own, and what the reader chose among them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workstation import resources
from workstation.reading.protocols.errors import ProtocolInvalid
from workstation.reading.protocols.facts import CaseFacts
from workstation.reading.protocols.matching import Ranked, ranked
from workstation.reading.protocols.model import Protocol
from workstation.reading.protocols.regions import FOLDER, regions
from workstation.reading.protocols.schema import read_protocol

_SUFFIX = ".toml"
_LARGEST_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Shelf:
    """Protocols in the reader's order.

    ``off`` are the ids of those that are not hung by themselves; ``always`` is the protocol by kind of study that the
    reader chose for all such studies; ``refused`` are files of the reader that break the schema.
    """

    protocols: tuple[Protocol, ...] = ()
    off: frozenset[str] = frozenset()
    always: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[ProtocolInvalid, ...] = ()

    def ranked(self, case: CaseFacts) -> tuple[Ranked, ...]:
        """Return the protocols that fit a case: the reader's choice for such studies, then the best first."""
        found = ranked((one for one in self.protocols if one.id not in self.off), case)
        chosen = self.always.get(kind_of_study(case))
        return tuple(sorted(found, key=lambda one: one.protocol.id != chosen))

    def write(self) -> str:
        """Return what the reader chose, as JSON."""
        order = [one.id for one in self.protocols]
        return json.dumps({"order": order, "off": sorted(self.off), "always": dict(self.always)})

    def chosen(self, text: str | None) -> "Shelf":
        """Return the shelf as the reader left it; what is not understood counts for nothing."""
        try:
            content = json.loads(text or "{}")
            order, off = [str(one) for one in content.get("order", ())], {str(one) for one in content.get("off", ())}
            always = {str(kind): str(one) for kind, one in content.get("always", {}).items()}
        except (ValueError, AttributeError, TypeError):
            return self
        return replace(self.arranged(order, off), always=always)

    def arranged(self, order: Sequence[str], off: Iterable[str]) -> "Shelf":
        """Return the shelf in another order of ids, those that are ``off`` not hung by themselves."""
        return replace(self, protocols=ordered(self.protocols, order), off=frozenset(off))

    def find(self, protocol_id: str) -> Protocol | None:
        """Return a protocol by its id, those that are off too."""
        return next((one for one in self.protocols if one.id == protocol_id), None)


def kind_of_study(case: CaseFacts) -> str:
    """Return what studies have in common that are read alike: modalities and regions; empty without a study."""
    study = case.current
    if study is None:
        return ""
    modalities = sorted({one.summary.modality for one in study.series} or set(study.summary.modalities))
    found = sorted(name for name, region in regions().items() if region.found_in(study) is not None)
    return " ".join((*modalities, *found))


def shipped() -> tuple[Protocol, ...]:
    """Return the protocols of ``resources/protocols``.

    Raises
    ------
    ProtocolInvalid
        One of them breaks the schema: a mistake of the program.
    """
    files = [name for name in resources.names(FOLDER) if name.endswith(_SUFFIX) and not name.startswith("_")]
    return tuple(read_protocol(name, resources.read_text(FOLDER, name)) for name in files)


def shelf_of(folder: Path, chosen: str | None) -> Shelf:
    """Return all protocols, those of the reader's ``folder`` too, by what was ``chosen`` among them."""
    own, refused = own_protocols(folder)
    return Shelf(ordered((*shipped(), *own), ()), refused=refused).chosen(chosen)


def own_protocols(folder: Path) -> tuple[tuple[Protocol, ...], tuple[ProtocolInvalid, ...]]:
    """Return the protocols in a folder of the reader, and the refusals of files that are none."""
    found: list[Protocol] = []
    refused: list[ProtocolInvalid] = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
        try:
            found.append(_own(path))
        except ProtocolInvalid as error:
            refused.append(error)
    return tuple(found), tuple(refused)


def _own(path: Path) -> Protocol:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ProtocolInvalid(f"{path.name}: too large", file=path.name, where="TOML")
        return read_protocol(path.name, path.read_text(encoding="utf-8"), is_own=True)
    except (OSError, UnicodeDecodeError) as error:
        raise ProtocolInvalid(f"{path.name}: not read", file=path.name, where="TOML") from error


def ordered(protocols: Sequence[Protocol], order: Sequence[str]) -> tuple[Protocol, ...]:
    """Return protocols in the reader's order, those not named in it after; an own one takes the place of its id."""
    by_id = {one.id: one for one in protocols}
    named = [by_id[one] for one in order if one in by_id]
    return (*named, *(one for one in by_id.values() if one.id not in order))
