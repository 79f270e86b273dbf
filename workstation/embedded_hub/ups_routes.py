"""UPS-RS: the work items as resources. Source: PS3.18 11."""

from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Any, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workstation.domain.identifiers import new_uid
from workstation.embedded_hub import ups_state
from workstation.embedded_hub.address import service_root
from workstation.embedded_hub.bodies import read_data_set
from workstation.embedded_hub.errors import BadRequest
from workstation.embedded_hub.query import parse_query
from workstation.embedded_hub.received import is_uid
from workstation.embedded_hub.responses import dicom_json, json_media_type
from workstation.embedded_hub.services import SERVICE_PATH, Services
from workstation.embedded_hub.ups_state import Change, WorkItem

Endpoint: TypeAlias = Callable[[Services, Request], Awaitable[Response]]
Body: TypeAlias = dict[str, Any]

CREATION_PARAMETERS = ("workitem", "affectedsopinstanceuid")
TRANSACTION_PARAMETERS = ("transaction-uid", "transactionuid", "transaction")


def routes(services: Services) -> list[Route]:
    """Return the routes of the work items; those of subscriptions are apart."""

    def bound(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            return await endpoint(services, request)

        return run

    item = "/workitems/{uid}"
    paths: tuple[tuple[str, str, Endpoint], ...] = (
        ("POST", "/workitems", _create),
        ("GET", "/workitems", _search),
        ("GET", item, _retrieve),
        ("POST", item, _update),
        ("PUT", f"{item}/state", _change_state),
        ("PUT", f"{item}/state/{{requester}}", _change_state),
        ("POST", f"{item}/cancelrequest", _request_cancel),
        ("POST", f"{item}/cancelrequest/{{requester}}", _request_cancel),
    )
    return [Route(f"{SERVICE_PATH}{path}", bound(endpoint), methods=[method]) for method, path, endpoint in paths]


def item_uid(request: Request) -> str:
    """Return the UID of the work item in the path.

    Raises
    ------
    BadRequest
        It has not the form of a UID.
    """
    uid: str = request.path_params["uid"]
    if not is_uid(uid):
        raise BadRequest("The UID of the work item has not the form of a UID.")
    return uid


def warning(request: Request, sentence: str) -> dict[str, str]:
    """Return the Warning header, if there is something to say. Source: PS3.18 11.4.3, 11.7.3."""
    return {"Warning": f"299 {service_root(request)}: {sentence}"} if sentence else {}


async def _create(services: Services, request: Request) -> Response:
    body = await read_data_set(request, services.limits.json_bytes)
    uid = _new_item_uid(request, body)
    change = ups_state.create(uid, body, services.clock())

    def record() -> None:
        services.items.add(change)
        services.subscriptions.created(change.item)
        _tell(services, change)

    await run_in_threadpool(record)
    location = f"{service_root(request)}/workitems/{uid}"
    return Response(status_code=201, headers={"Location": location, "Content-Location": location})


async def _search(services: Services, request: Request) -> Response:
    media_type = json_media_type(request)
    query = parse_query(request.query_params.multi_items())
    limit = services.limits.page if query.limit is None else min(query.limit, services.limits.page)

    def find() -> list[WorkItem]:
        return list(islice(services.items.search(query), query.offset, query.offset + limit))

    found = await run_in_threadpool(find)
    if not found:
        return Response(status_code=204)
    return dicom_json([item.attributes for item in found], media_type)


async def _retrieve(services: Services, request: Request) -> Response:
    media_type = json_media_type(request)
    item = await run_in_threadpool(services.items.get, item_uid(request))
    return dicom_json([item.attributes], media_type)


async def _update(services: Services, request: Request) -> Response:
    uid = item_uid(request)
    body = await read_data_set(request, services.limits.json_bytes)
    transaction = _transaction(request, body)
    await _apply(services, uid, lambda item: ups_state.update(item, body, transaction, services.clock()))
    return _done(request, uid, "")


async def _change_state(services: Services, request: Request) -> Response:
    uid = item_uid(request)
    body = await read_data_set(request, services.limits.json_bytes)
    change = await _apply(services, uid, lambda item: ups_state.change_state(item, body, services.clock()))
    return _done(request, uid, change.warning)


async def _request_cancel(services: Services, request: Request) -> Response:
    uid = item_uid(request)
    body = await read_data_set(request, services.limits.json_bytes, may_be_empty=True)
    change = await _apply(services, uid, lambda item: ups_state.request_cancel(item, body, services.clock()))
    return Response(status_code=202, headers=warning(request, change.warning))


async def _apply(services: Services, uid: str, rule: Callable[[WorkItem], Change]) -> Change:
    def run() -> Change:
        change = services.items.change(uid, rule)
        _tell(services, change)
        return change

    return await run_in_threadpool(run)


def _tell(services: Services, change: Change) -> None:
    subscribers = services.subscriptions.subscribers(change.item.uid)
    for event in change.events:
        services.channels.publish(event, subscribers)


def _done(request: Request, uid: str, sentence: str) -> Response:
    location = f"{service_root(request)}/workitems/{uid}"
    return Response(status_code=200, headers={"Content-Location": location, **warning(request, sentence)})


def _new_item_uid(request: Request, body: Body) -> str:
    """Return the UID of the query, else of the body, else a new one."""
    asked = _parameter(request, CREATION_PARAMETERS)
    inside = ups_state.value(body, ups_state.SOP_INSTANCE)
    if asked and inside and asked != inside:
        raise BadRequest("The UID of the query and that of the work item differ.")
    uid = asked or inside or new_uid()
    if not is_uid(uid):
        raise BadRequest("The UID of the work item has not the form of a UID.")
    return uid


def _transaction(request: Request, body: Body) -> str:
    asked = _parameter(request, TRANSACTION_PARAMETERS)
    inside = ups_state.value(body, ups_state.TRANSACTION)
    if asked and inside and asked != inside:
        raise BadRequest("The Transaction UID of the query and that of the body differ.")
    return asked or inside


def _parameter(request: Request, names: tuple[str, ...]) -> str:
    """Return a parameter that is given by name, or as the whole query string."""
    whole = request.url.query
    if is_uid(whole):
        return whole
    for name, content in request.query_params.multi_items():
        if name.lower() in names:
            return content.strip()
    return ""
