"""QIDO-RS: searching studies, series and instances. Source: PS3.18 10.6.

A search without matches answers 200 with an empty array and not 204, which Orthanc's client takes for an error.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workstation.embedded_hub import index, levels
from workstation.embedded_hub.address import service_root
from workstation.embedded_hub.errors import BadRequest
from workstation.embedded_hub.index import InstanceRow, Scope, SeriesRow, StudyRow
from workstation.embedded_hub.matching import Criterion, matches, uid_list
from workstation.embedded_hub.query import Query, parse_query
from workstation.embedded_hub.received import is_uid
from workstation.embedded_hub.responses import dicom_json, json_media_type, number, text
from workstation.embedded_hub.services import SERVICE_PATH, Services

STUDY, SERIES, INSTANCE = "0020000D", "0020000E", "00080018"
Match = dict[str, Any]
Search = Callable[[sqlite3.Connection, Scope, Query, str], Iterator[Match]]
BULK_IN_SEARCHES = frozenset({"7FE00008", "7FE00009", "7FE00010"})


def routes(services: Services) -> list[Route]:
    """Return the search routes."""

    def search(find: Search, defaults: frozenset[str]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            return _answer(services, request, find, defaults)

        return endpoint

    of_series = levels.SERIES_DEFAULT
    everywhere = of_series | levels.STUDY_DEFAULT
    return [
        Route(f"{SERVICE_PATH}{path}", search(find, defaults), methods=["GET"])
        for path, find, defaults in (
            ("/studies", _find_studies, levels.STUDY_DEFAULT),
            ("/series", _find_series, everywhere),
            ("/instances", _find_instances, everywhere | levels.INSTANCE_DEFAULT),
            ("/studies/{study}/series", _find_series, of_series),
            ("/studies/{study}/instances", _find_instances, levels.INSTANCE_DEFAULT | of_series),
            ("/studies/{study}/series/{series}/instances", _find_instances, levels.INSTANCE_DEFAULT),
        )
    ]


def path_scope(request: Request) -> Scope:
    """Return the part of the index that the path names.

    Raises
    ------
    BadRequest
        A UID of the path has not the form of a UID.
    """
    named = [request.path_params.get(level) for level in ("study", "series", "instance")]
    if any(uid is not None and not is_uid(uid) for uid in named):
        raise BadRequest("A UID of the path has not the form of a UID.")
    return Scope(*((uid,) if uid else () for uid in named))


def _answer(services: Services, request: Request, find: Search, defaults: frozenset[str]) -> Response:
    media_type = json_media_type(request)
    query = parse_query(request.query_params.multi_items())
    scope = _narrowed(path_scope(request), query)
    wanted = defaults | query.include | {key.path[0] for key in query.criteria}
    limit = services.limits.page if query.limit is None else min(query.limit, services.limits.page)
    with services.index.read() as connection:
        found = find(connection, scope, query, service_root(request)) if scope is not None else iter(())
        page = list(islice(found, query.offset, query.offset + limit))
    return dicom_json([match if query.include_all else levels.pick(match, wanted) for match in page], media_type)


def _narrowed(scope: Scope, query: Query) -> Scope | None:
    """Return the scope narrowed by the UIDs that the query names; none where they exclude each other."""
    wanted = [uid_list(query.value_of(tag)) for tag in (STUDY, SERIES, INSTANCE)]
    if any(len(uids) > 500 for uids in wanted):
        raise BadRequest("A list of UIDs is too long.")
    fields = {"studies": wanted[0], "series": wanted[1], "instances": wanted[2]}
    for name, uids in fields.items():
        named: tuple[str, ...] = getattr(scope, name)
        if uids and "*" not in uids:
            both = tuple(uid for uid in uids if not named or uid in named)
            if not both:
                return None
            scope = replace(scope, **{name: both})
    return scope


def _find_studies(connection: sqlite3.Connection, scope: Scope, query: Query, root: str) -> Iterator[Match]:
    own = replace(query, criteria=tuple(key for key in query.criteria if key.path[0] in levels.STUDY_ATTRIBUTES))
    deeper = tuple(key for key in query.criteria if key.path[0] not in levels.STUDY_ATTRIBUTES)
    for row in index.studies(connection, scope):
        match = _study(row, root)
        if own.accepts(match) and (not deeper or _holds(connection, row.study, scope, deeper, query.fuzzy)):
            yield match


def _holds(connection: sqlite3.Connection, study: str, scope: Scope, keys: Iterable[Criterion], fuzzy: bool) -> bool:
    """Whether some instance of the study matches the keys that belong to series or instances."""
    wanted = tuple(keys)
    return any(
        all(matches(header, key, fuzzy) for key in wanted)
        for header in (json.loads(row.header) for row in index.instances(connection, replace(scope, studies=(study,))))
    )


def _find_series(connection: sqlite3.Connection, scope: Scope, query: Query, root: str) -> Iterator[Match]:
    for row in index.series(connection, scope):
        match = _series(row, root)
        if query.accepts(match):
            yield match


def _find_instances(connection: sqlite3.Connection, scope: Scope, query: Query, root: str) -> Iterator[Match]:
    for row in index.instances(connection, scope):
        match = _instance(row, root)
        if query.accepts(match):
            yield match


def _study(row: StudyRow, root: str) -> Match:
    match: Match = json.loads(row.header)
    match["00080056"] = text("CS", "ONLINE")
    match["00080061"] = text("CS", *row.modalities)
    match["00080062"] = text("UI", *row.sop_classes)
    match["00081190"] = text("UR", f"{root}/studies/{row.study}")
    match["00201206"] = number(row.series, "IS")
    match["00201208"] = number(row.instances, "IS")
    return match


def _series(row: SeriesRow, root: str) -> Match:
    match: Match = {**json.loads(row.study_header), **json.loads(row.header)}
    match["00081190"] = text("UR", f"{root}/studies/{row.study}/series/{row.series}")
    match["00201209"] = number(row.instances, "IS")
    return match


def _instance(row: InstanceRow, root: str) -> Match:
    header: Match = json.loads(row.header)
    match = {tag: value for tag, value in header.items() if tag not in BULK_IN_SEARCHES and "BulkDataURI" not in value}
    match["00080056"] = text("CS", "ONLINE")
    match["00081190"] = text("UR", f"{root}/studies/{row.study}/series/{row.series}/instances/{row.instance}")
    match["00083002"] = text("UI", row.transfer_syntax)
    return match
