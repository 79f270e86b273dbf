"""The catalogue as rows: entering one received instance, and reading studies, series and instances back."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.describe import describe_patient, describe_series, describe_study, patient_traits
from workstation.dicom.header import Header
from workstation.domain.contradiction import Contradiction
from workstation.domain.digest import Digest
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.store.contradictions import admitted_contradictions
from workstation.store.database import Connection, Row, Value
from workstation.store.errors import InstanceConflict, RecordDamaged
from workstation.store.fields import Fields, encode
from workstation.store.study_records import (
    patient_from_fields,
    series_from_fields,
    series_to_object,
    study_from_fields,
    study_to_object,
)

INSTANCE_COLUMNS = "uid, series, study, sop_class, transfer_syntax, digest, frames, header"
_VERSION = 1


class Received(Protocol):
    """What the catalogue needs to know of an object that a worker has inspected."""

    @property
    def study(self) -> StudyUID:
        """Its study."""

    @property
    def series(self) -> SeriesUID:
        """Its series."""

    @property
    def instance(self) -> InstanceUID:
        """Its own identifier."""

    @property
    def sop_class(self) -> str:
        """Its SOP class UID."""

    @property
    def transfer_syntax(self) -> str:
        """Its transfer syntax UID."""

    @property
    def header(self) -> Header:
        """Its header without pixels."""

    @property
    def digest(self) -> Digest:
        """Digest of the Part 10 bytes as received."""

    @property
    def frames(self) -> int:
        """Number of frames, 0 without pixels."""


@dataclass(frozen=True, slots=True)
class StoredInstance:
    """One instance that is held; ``digest`` is of the bytes as received."""

    reference: InstanceReference
    transfer_syntax: str
    digest: Digest
    frames: int
    header_json: str

    @property
    def header(self) -> Header:
        """The header, parsed."""
        return Header.parse(self.header_json)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something of a study that was not taken, and why; ``instance`` is unknown where the object was unreadable."""

    series: SeriesUID
    instance: InstanceUID | None
    why: str
    at: datetime


def enter(connection: Connection, received: Iterable[Received], origin: str, added: str) -> None:
    """Enter instances, with their studies and series where they are new.

    Raises
    ------
    InstanceConflict
        When one is held with other bytes, or under another series, study or patient.
    """
    looked_at: object = None
    for one in received:
        whose = (one.study, one.series, patient_traits(one.header))
        # What was looked at for the one before, and is the same in this one, would only be found again.
        if whose != looked_at:
            _record_study(connection, one, origin, added)
            _record_series(connection, one)
            looked_at = whose
        _record_instance(connection, one, origin, added)
        connection.execute("DELETE FROM erasures WHERE instance = ?", (one.instance,))


def lose(connection: Connection, study: StudyUID, instance: InstanceUID, why: str, at: str) -> None:
    """Take one instance out, so that it counts as expected and not received; one that is not entered is no error."""
    row = connection.execute("SELECT series FROM instances WHERE uid = ? AND study = ?", (instance, study)).fetchone()
    if row is None:
        return
    (series,) = row
    connection.execute(
        "INSERT INTO expectations (study, series, instances)"
        " VALUES (?1, ?2, (SELECT count(*) FROM instances WHERE study = ?1 AND series = ?2))"
        " ON CONFLICT (study, series) DO NOTHING",
        (study, series),
    )
    connection.execute("DELETE FROM instances WHERE uid = ?", (instance,))
    connection.execute("DELETE FROM refusals WHERE study = ? AND instance = ?", (study, instance))
    connection.execute(
        "INSERT INTO refusals (study, series, instance, why, at) VALUES (?, ?, ?, ?, ?)",
        (study, series, instance, why, at),
    )


def _record_study(connection: Connection, received: Received, origin: str, added: str) -> None:
    patient = describe_patient(received.header)
    query = "SELECT patient_id, issuer_oid, summary FROM studies WHERE uid = ?"
    row = connection.execute(query, (received.study,)).fetchone()
    if row is not None:
        if _is_another_patient(patient, row) and not _is_admitted(connection, received.study, patient, row):
            raise InstanceConflict("another patient within one study")
        return
    connection.execute(
        "INSERT INTO studies (uid, patient_id, issuer_oid, summary, origin, added) VALUES (?, ?, ?, ?, ?, ?)",
        (
            received.study,
            patient.patient_id,
            patient.issuer_oid,
            encode({"version": _VERSION, **study_to_object(describe_study(received.header))}),
            origin,
            added,
        ),
    )


def _is_another_patient(patient: Patient, row: Row) -> bool:
    held_id, held_issuer = str(row[0]).strip(" "), str(row[1])
    return patient.patient_id != held_id or bool(
        patient.issuer_oid and held_issuer and patient.issuer_oid != held_issuer
    )


def _is_admitted(connection: Connection, study: StudyUID, patient: Patient, row: Row) -> bool:
    held = patient_from_fields(Fields.parse(str(row[2]), _VERSION).record("patient"))
    return Contradiction.between(held, patient).is_among(admitted_contradictions(connection, study))


def _record_series(connection: Connection, received: Received) -> None:
    row = connection.execute("SELECT study FROM series WHERE uid = ?", (received.series,)).fetchone()
    if row is None:
        summary = encode({"version": _VERSION, **series_to_object(describe_series(received.header))})
        connection.execute(
            "INSERT INTO series (uid, study, summary) VALUES (?, ?, ?)", (received.series, received.study, summary)
        )
    elif row[0] != received.study:
        raise InstanceConflict("a series within two studies")


def _record_instance(connection: Connection, received: Received, origin: str, added: str) -> None:
    row = connection.execute("SELECT series, digest FROM instances WHERE uid = ?", (received.instance,)).fetchone()
    if row is not None:
        if row[0] != received.series or Digest.known(str(row[1])) != received.digest:
            raise InstanceConflict("an instance with two contents")
        return
    values: tuple[Value, ...] = (
        received.instance,
        received.series,
        received.study,
        received.sop_class,
        received.transfer_syntax,
        received.digest.text,
        received.frames,
        received.header.integer("InstanceNumber"),
        zlib.compress(received.header.to_json().encode("utf-8", "surrogatepass"), 1),
        origin,
        added,
    )
    connection.execute(
        "INSERT INTO instances (uid, series, study, sop_class, transfer_syntax, digest, frames, number, header, origin,"
        " added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )


def read_study(connection: Connection, row: Row) -> StudySummary:
    """Return one study, with its series and what they add up to."""
    fields = Fields.parse(str(row[0]), _VERSION)
    series = read_series(connection, StudyUID(fields.text("uid")))
    modalities = tuple(dict.fromkeys(one.modality for one in series if one.modality))
    return study_from_fields(fields, series, modalities, sum(one.instances or 0 for one in series))


def read_series(connection: Connection, study: StudyUID) -> tuple[SeriesSummary, ...]:
    """Return the series of a study by number, each with the number of instances held."""
    rows = connection.execute(
        "SELECT summary, (SELECT count(*) FROM instances WHERE instances.study = series.study"
        " AND instances.series = series.uid) FROM series WHERE study = ? ORDER BY uid",
        (study,),
    ).fetchall()
    found = [series_from_fields(Fields.parse(str(text), _VERSION), int(str(count))) for text, count in rows]
    return tuple(sorted(found, key=lambda one: (one.number is None, one.number or 0, one.uid)))


def read_instance(row: Row) -> StoredInstance:
    """Return one instance from its ``INSTANCE_COLUMNS``."""
    *texts, header = row
    uid, series, study, sop_class, transfer_syntax, digest, frames = (str(value) for value in texts)
    try:
        header_json = zlib.decompress(header if isinstance(header, bytes) else b"").decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        raise RecordDamaged("header of an instance is unreadable") from error
    reference = InstanceReference(StudyUID(study), SeriesUID(series), InstanceUID(uid), sop_class)
    return StoredInstance(reference, transfer_syntax, Digest.known(digest), int(frames), header_json)


def read_refusal(row: Row) -> Refusal:
    """Return one refusal from series, instance, reason and moment."""
    series, instance, why, at = row
    return Refusal(
        SeriesUID(str(series)),
        None if instance is None else InstanceUID(str(instance)),
        str(why),
        datetime.fromisoformat(str(at)),
    )
