"""What the reader of these tests writes, draws and signs, and how each version of it is recognised later."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.support.instances import make_instance
from tests.workstation.vault.keepers import MemoryKeeper
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, InstanceUID, SeriesUID, StudyUID
from workstation.domain.delivery import ObjectRole, SignedObject
from workstation.domain.identifiers import DraftId, HubName, new_uid
from workstation.domain.reader import Reader
from workstation.domain.report import Answers, Draft
from workstation.vault.keyring_slot import KeyringSlot

HUB = HubName("hub")
READER = Reader("READER^ONE", "10000000001", "CHU")
PASSPHRASE = "five words nobody will guess"
BACKEND = "keyring.backends.SecretService.Keyring"
_SOP_CLASSES = {
    ObjectRole.REPORT: "1.2.840.10008.5.1.4.1.1.88.33",
    ObjectRole.DOCUMENT: "1.2.840.10008.5.1.4.1.1.104.1",
}
_MARK_EACH = 3


def study_of(number: int) -> StudyUID:
    """Return one of a few studies."""
    return StudyUID(f"1.2.826.0.1.{number % 16}")


def version_of(draft: Draft) -> int:
    """Return which version of its words a draft holds; 0 where nothing is written yet."""
    return int(draft.answers.sections.get("findings", " 0").rsplit(" ", 1)[1])


def is_whole(draft: Draft) -> bool:
    """Whether words and marks are of the same version, and not one letter or mark is missing."""
    return draft.says_the_same_as(at_version(draft, version_of(draft)))


def at_version(draft: Draft, version: int) -> Draft:
    """Return the draft with the words and marks of one version."""
    if version == 0:
        return replace(draft, answers=Answers(), annotations=(), saved=datetime.now(UTC))
    words = f"{'é' * (version % 40)} {version}"
    marks = tuple(_mark(number) for number in range(version // _MARK_EACH))
    return replace(draft, answers=Answers({"findings": words}), annotations=marks, saved=datetime.now(UTC))


def new_draft(identifier: str, number: int) -> Draft:
    """Return a draft in which nothing is written yet."""
    now = datetime.now(UTC)
    return Draft(DraftId(identifier), study_of(number), None, "gen-so", "fr", Answers(), (), READER, now, now)


def signed_objects(study: StudyUID, count: int) -> tuple[SignedObject, ...]:
    """Return a report, and its document where there are two, as frozen bytes."""
    return tuple(_signed(study, role) for role in (ObjectRole.REPORT, ObjectRole.DOCUMENT)[:count])


def keyring_at(path: Path) -> KeyringSlot:
    """Return a working key store whose content is kept in a file of the test, where there is one already."""
    keeper = MemoryKeeper()
    if path.exists():
        keeper.held = {(service, name): value for service, name, value in json.loads(path.read_text())}
    return KeyringSlot(keeper, BACKEND)


def keep_keyring(slot: KeyringSlot, path: Path) -> None:
    """Write down what a key store holds."""
    assert isinstance(slot.keeper, MemoryKeeper)
    path.write_text(json.dumps([[*name, value] for name, value in slot.keeper.held.items()]))


def _signed(study: StudyUID, role: ObjectRole) -> SignedObject:
    series, instance, sop_class = SeriesUID(new_uid()), InstanceUID(new_uid()), _SOP_CLASSES[role]
    part10 = make_instance(
        StudyInstanceUID=study, SeriesInstanceUID=series, SOPInstanceUID=instance, SOPClassUID=sop_class,
        PatientName="TEST^DELTA",
    )  # fmt: skip
    return SignedObject(role, study, series, instance, sop_class, part10, hashlib.sha256(part10).hexdigest())


def _mark(number: int) -> Annotation:
    points = ((0.0, 0.0, 0.0), (float(number), 1.5, -2.25))
    series, instance = SeriesUID("1.2.3.4.5"), InstanceUID("1.2.3.4.5.6")
    return Annotation(AnnotationId(f"m{number}"), "length", points, None, series, instance)
