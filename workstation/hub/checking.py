"""Finding out once what a hub can do and how fast, on a small real series of its own; seconds at most.

Nothing is written on the hub: that it takes objects is found by a store without objects, which it must refuse in its
own way and not as an unknown address. Source: PS3.18 10.4, 10.5, 10.6, 11.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from workstation.dicom.multipart import content_type, new_boundary
from workstation.domain.clock import Clock
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import Asking, HubFindings, Service
from workstation.domain.request import Carrier
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.hub.accept import ACCEPT_DIALECTS, NOT_UNDERSTOOD, AcceptDialect
from workstation.hub.dialling import addresses
from workstation.hub.door import Call, Door
from workstation.hub.errors import HubAnsweredWrongly, HubError, NotOnHub
from workstation.hub.orthanc_index import OrthancIndex
from workstation.hub.protocol import HubCapabilities, StudyQuery
from workstation.hub.sampling import LOSSLESS_SYNTAXES, Sample, Sampler, answers, path_of, smallest_images
from workstation.hub.search import Search
from workstation.hub.strategy import choose
from workstation.hub.ups_dialect import REQUESTER

_STUDIES_LOOKED_AT = 50
_MOST_LISTED = 10_000
_NO_SERVICE = (404, 405, 410, 501)
# How a store service speaks of nothing to store; what is none of these is none. Source: PS3.18 10.5.3.
_OF_A_STORE = (200, 202, 204, 400, 406, 409, 411, 413, 415, 422)
# A full queue and an error of the server say nothing of storing.
_OF_ITS_STATE = (408, 425, 429, 500, 502, 503, 504)
_FRAMES = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
_AT_ONCE = 4
# A stream that is over sooner leaves nothing to gain, and its time is mostly chance.
_TELLING_S = 0.25
# Whoever waits for a name longer reaches nobody.
_NAME_S = 1.0


@dataclass(slots=True)
class HubCheck:
    """One probe of one hub; call it once."""

    settings: HubSettings
    door: Door
    search: Search
    capabilities: Callable[[], HubCapabilities]
    clock: Clock
    _services: set[Service] = field(default_factory=set)
    _undecided: set[Service] = field(default_factory=set)

    def run(self) -> HubFindings:
        """Return what was found.

        Raises
        ------
        HubUnreachable, HubRefused
            The hub cannot be asked at all.
        """
        found = self.capabilities()
        self._offer(Service.UPS, found.carrier is Carrier.WORK_ITEM)
        self._offer(Service.EVENTS, found.carrier is Carrier.WORK_ITEM and self._has_events())
        studies = self._studies()
        self._look_for_a_store()
        findings = HubFindings(
            found=self.clock(),
            url=self.settings.url,
            link=link_to(self.settings.url),
            server=found.server,
            latency_ms=round(found.latency_ms, 1),
        )
        compares_in_short = self._list_the_largest(studies)
        habits = self.search.habits
        findings = replace(
            findings,
            page_cap=habits.page_cap,
            ignores_offset=habits.ignores_offset,
            compares_in_short=compares_in_short,
        )
        sample = smallest_images(studies, lambda study: self.search.series(study.uid))
        if sample is not None:
            findings = self._sampled(findings, *sample)
        services = tuple(one for one in Service if one in self._services)
        undecided = tuple(one for one in Service if one in self._undecided)
        return choose(replace(findings, services=services, undecided=undecided))

    def _offer(self, service: Service, is_offered: bool) -> None:
        if is_offered:
            self._services.add(service)

    def _studies(self) -> tuple[StudySummary, ...]:
        try:
            studies = self.search.studies(StudyQuery(), _STUDIES_LOOKED_AT)
        except (NotOnHub, HubAnsweredWrongly):
            return ()
        self._services.add(Service.QIDO)
        return studies

    def _list_the_largest(self, studies: tuple[StudySummary, ...]) -> bool:
        """List a large series, where a limit of the hub shows; return whether it can be compared without a list."""
        counted = [study for study in studies if study.instances is not None and study.instances <= _MOST_LISTED]
        if counted:
            study = max(counted, key=lambda one: one.instances or 0)
            series = max(self.search.series(study.uid), key=lambda one: one.instances or 0, default=None)
            if series is not None:
                listed = [one.instance for one in self.search.instances(study.uid, series.uid)]
                names = OrthancIndex(self.door).names_of(study.uid, series.uid, study.patient.patient_id)
                return names is not None and names.are_of(listed)
        return False

    def _look_for_a_store(self) -> None:
        boundary = new_boundary()
        headers = {"Content-Type": content_type("application/dicom", boundary)}
        answer = self.door.fetch(Call("POST", "studies", headers=headers, body=f"--{boundary}--\r\n".encode("ascii")))
        self._offer(Service.STOW, answer.status in _OF_A_STORE)
        if answer.status in _OF_ITS_STATE:
            self._undecided.add(Service.STOW)

    def _has_events(self) -> bool:
        try:
            with self.door.events(f"subscribers/{REQUESTER}"):
                return True
        except HubError:
            # Whatever goes wrong there: requests are asked for at intervals then.
            return False

    def _sampled(self, findings: HubFindings, study: StudySummary, series: SeriesSummary) -> HubFindings:
        references = self.search.instances(study.uid, series.uid)
        if not references:
            return findings
        first = path_of(references[len(references) // 2], self.door.hub)
        several = f"studies/{study.uid}/series/{series.uid}"
        sampler = Sampler(self.door)
        dialect, stream = self._first_understood(sampler, several, is_single=False)
        self._offer(Service.SERIES, stream is not None)
        single_dialect, stored = self._first_understood(sampler, first, is_single=True)
        self._offer(Service.INSTANCE, stored is not None)
        frames = answers(lambda: sampler.take(f"{first}/frames/1", _FRAMES))
        self._offer(Service.FRAMES, frames)
        findings = replace(findings, asking=Asking(dialect=(dialect or single_dialect)))
        findings = self._timed(findings, sampler, references, stream, stored)
        if stored is None or not stored.is_whole:
            return findings
        trials = tuple(sampler.in_syntax(first, single_dialect, syntax, stored) for syntax in LOSSLESS_SYNTAXES)
        return replace(findings, syntaxes=trials)

    def _first_understood(self, sampler: Sampler, path: str, *, is_single: bool) -> tuple[str, Sample | None]:
        seen: set[str] = set()
        for dialect in ACCEPT_DIALECTS:
            header = dialect.header(is_single=is_single)
            if header not in seen:
                seen.add(header)
                sample = _sample_or_none(sampler, path, header)
                if sample is not None:
                    return dialect.name, sample
        return "", None

    def _timed(
        self,
        findings: HubFindings,
        sampler: Sampler,
        references: tuple[InstanceReference, ...],
        stream: Sample | None,
        stored: Sample | None,
    ) -> HubFindings:
        measured = stream or stored
        if measured is None:
            return findings
        findings = replace(
            findings,
            probed_bytes=measured.size_bytes,
            first_byte_ms=round(measured.first_byte_s * 1000.0, 1),
            bytes_per_s=round(measured.bytes_per_s, 0),
        )
        if stored is None:
            return findings
        findings = replace(findings, instance_ms=round(stored.duration_s * 1000.0, 1))
        if stream is None or len(references) < _AT_ONCE or stream.duration_s < _TELLING_S:
            return findings
        paths = [path_of(one, self.door.hub) for one in references[:_AT_ONCE]]
        header = _row(findings.asking.dialect).header(is_single=True)
        per_image = stream.duration_s * stored.size_bytes / max(1, stream.size_bytes)
        return replace(
            findings,
            stream_image_ms=round(per_image * 1000.0, 2),
            single_image_ms=round(sampler.several(paths, header) * 1000.0, 2),
        )


def _row(name: str) -> AcceptDialect:
    return next((row for row in ACCEPT_DIALECTS if row.name == name), ACCEPT_DIALECTS[0])


def _sample_or_none(sampler: Sampler, path: str, header: str) -> Sample | None:
    """Take a sample, or none where the hub does not give this."""
    try:
        return sampler.take(path, header)
    except NotOnHub:
        return None
    except HubAnsweredWrongly as error:
        if error.status in (*NOT_UNDERSTOOD, *_NO_SERVICE):
            return None
        raise


def link_to(url: str) -> str:
    """Return by which of this machine's addresses a hub is reached, empty where it is not; nothing is sent."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    until = time.monotonic() + _NAME_S
    try:
        family, _kind, _protocol, _name, address = addresses(
            parts.hostname or "", port, lambda: time.monotonic() > until
        )[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])
    except OSError:
        return ""
