"""Whose a study is: as it is held, as its hub says, and as the objects say that come of it."""

from collections.abc import Sequence
from typing import Any

from viewers.identifiers import SeriesUID, StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.describe import describe_patient, patient_traits
from workstation.domain.contradiction import Contradiction
from workstation.domain.patient import Patient
from workstation.retrieval.errors import SomeoneElsesImages


class Ownership:
    """The patient of one study; ``held`` is whose it is already, where anything of it is held. Not thread safe.

    What a person has ``admitted`` to be of one patient is; any other contradiction is not.
    """

    def __init__(self, study: StudyUID, held: Patient | None, admitted: frozenset[Contradiction]) -> None:
        self._admitted = admitted
        self._study = study
        self._patient = held
        self._stated: Patient | None = None
        self._fitting: Sequence[Any] | None = None

    def state(self, patient: Patient) -> None:
        """Note whose study the hub says that this is.

        Raises
        ------
        SomeoneElsesImages
            It is held as someone else's.
        """
        if self._patient is not None and not _fits(patient, self._patient):
            self._contradict(self._patient, patient, "held as another patient's than the hub's list says")
        self._stated = patient
        self._fitting = None

    def check(self, received: ReceivedInstance, series: SeriesUID | None = None) -> None:
        """Compare an object that came, for ``series`` if one was asked for, with all that is known.

        Raises
        ------
        SomeoneElsesImages
            It belongs to another study, series or patient.
        """
        if received.study != self._study:
            raise SomeoneElsesImages("another study")
        if series is not None and received.series != series:
            raise SomeoneElsesImages("another series")
        traits = patient_traits(received.header)
        if traits == self._fitting:
            return
        patient = describe_patient(received.header)
        if self._stated is not None and not _fits(self._stated, patient):
            self._contradict(self._stated, patient, "another patient than the hub's list says")
        if self._patient is None:
            self._patient = patient
        elif not is_same_patient(self._patient, patient):
            self._contradict(self._patient, patient, "another patient")
        # What fits fits again: neither whose it is nor what is stated changes once objects come.
        self._fitting = traits

    def _contradict(self, known: Patient, came: Patient, technical: str) -> None:
        found = Contradiction.between(known, came)
        if not found.is_among(self._admitted):
            raise SomeoneElsesImages(technical, found)


def is_same_patient(one: Patient, other: Patient) -> bool:
    """Whether two objects of one study may be of one patient; without an identifier, the names must agree too."""
    if one.patient_id:
        return one.is_same_person(other)
    traits = ((one.birth_date, other.birth_date), (one.sex, other.sex))
    return (
        not other.patient_id
        and one.name.spelling == other.name.spelling
        and all(not a or not b or a == b for a, b in traits)
    )


def _fits(stated: Patient, patient: Patient) -> bool:
    """Whether whose a hub says that a study is fits an object; who is named by an identifier has it."""
    return not stated.is_named_otherwise(patient) and stated.is_identified_in(patient)
