"""The structured reports on a hub: those that could be read, and whether there may be others.

Reports never change, so each is fetched once. A report that is listed and cannot be read now may be a claim, an answer
or a request: it is counted, asked for again the next time, and never taken for one that is not there.
"""

import logging
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from viewers.errors import ReaderError
from viewers.identifiers import StudyUID
from workstation.dicom.header import Header
from workstation.domain.study import InstanceReference
from workstation.hub.errors import HubUnreachable
from workstation.hub.protocol import Inspect
from workstation.hub.report_outline import COMPREHENSIVE_SR
from workstation.hub.retrieve import Retrieve
from workstation.hub.search import Search

_log = logging.getLogger(__name__)
_MODALITY = "SR"


@dataclass(frozen=True, slots=True)
class Reports:
    """The headers that were read, the reports that were listed and not read, and whether the list may be cut."""

    read: tuple[Header, ...]
    unread: tuple[InstanceReference, ...]
    may_be_cut: bool

    @property
    def is_whole(self) -> bool:
        """Whether the hub holds no report that is not among those read."""
        return not self.unread and not self.may_be_cut

    def may_hide(self, request: str, studies: Collection[StudyUID]) -> bool:
        """Whether a report about ``request`` may be on the hub that is not among those read.

        What is said of a request is said in its own studies, and by reports of one class: another that is listed there
        and cannot be read, such as a dose report, hides no claim.
        """
        of_these = {"", *studies, *(one.uid("StudyInstanceUID") for one in self.read if _is(one, request))}
        hiding = [one for one in self.unread if one.sop_class in ("", COMPREHENSIVE_SR)]
        is_hidden = any(one.study in of_these for one in hiding) or any(one.instance == request for one in self.unread)
        return self.may_be_cut or is_hidden


class ReportShelf:
    """Reads the structured reports of one hub. Safe for use from several threads."""

    def __init__(self, search: Search, retrieve: Retrieve, inspect: Inspect, hub: str) -> None:
        self._search = search
        self._retrieve = retrieve
        self._inspect = inspect
        self._hub = hub
        self._read: dict[str, Header] = {}
        self._lock = threading.Lock()

    def known(self, uid: str) -> Header | None:
        """Return a report that was read before, without asking."""
        with self._lock:
            return self._read.get(uid)

    def reports(self, studies: Collection[StudyUID] = ()) -> Reports:
        """Return every structured report on the hub.

        Where the list of all may be cut, those of ``studies`` are asked for by themselves, and the list counts as whole
        for them.

        Raises
        ------
        HubUnreachable
            The hub does not answer, or no longer does.
        """
        listing = self._search.documents(_MODALITY)
        listed, may_be_cut = {one.instance: one for one in listing.listed}, listing.may_be_cut
        if may_be_cut and studies:
            own = [self._search.documents(_MODALITY, study) for study in studies]
            listed |= {one.instance: one for listing in own for one in listing.listed}
            may_be_cut = any(listing.may_be_cut for listing in own)
        return self._reports_of(listed.values(), may_be_cut=may_be_cut)

    def _reports_of(self, listed: Iterable[InstanceReference], *, may_be_cut: bool) -> Reports:
        read, unread = [], []
        for reference in listed:
            report = self.known(reference.instance) or self._fetched(reference)
            if report is None:
                unread.append(reference)
            else:
                read.append(report)
        return Reports(tuple(read), tuple(unread), may_be_cut)

    def _fetched(self, reference: InstanceReference) -> Header | None:
        try:
            report = self._inspect(self._retrieve.instance(reference))
        except HubUnreachable:
            raise
        except ReaderError as error:
            _log.warning("a structured report on hub %s cannot be read: %s", self._hub, error.technical)
            return None
        if not _is(report, reference.instance):
            _log.warning("hub %s gave another report than the one asked for", self._hub)
            return None
        with self._lock:
            self._read[reference.instance] = report
        return report


def _is(report: Header, uid: str) -> bool:
    return report.uid("SOPInstanceUID") == uid
