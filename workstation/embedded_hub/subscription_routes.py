"""Subscriptions as resources, and the WebSocket through which events go. Source: PS3.18 8.10, 11.9 to 11.11."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from workstation.embedded_hub.address import websocket_root
from workstation.embedded_hub.errors import BadRequest
from workstation.embedded_hub.events import Channel
from workstation.embedded_hub.services import SERVICE_PATH, Services
from workstation.embedded_hub.subscriptions import GLOBAL_UIDS, Subscription
from workstation.embedded_hub.ups_routes import item_uid
from workstation.embedded_hub.ups_state import state_report
from workstation.embedded_hub.ups_store import FILTERED_GLOBAL

POLICY_VIOLATION = 1008
TRY_AGAIN_LATER = 1013


def routes(services: Services) -> list[Route | WebSocketRoute]:
    """Return the routes of subscriptions and events."""

    def bound(endpoint: Callable[[Services, Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            return await run_in_threadpool(endpoint, services, request)

        return run

    async def channel(websocket: WebSocket) -> None:
        await _serve_events(services, websocket)

    path = f"{SERVICE_PATH}/workitems/{{uid}}/subscribers/{{aetitle}}"
    return [
        Route(path, bound(_subscribe), methods=["POST"]),
        Route(path, bound(_unsubscribe), methods=["DELETE"]),
        Route(f"{path}/suspend", bound(_suspend), methods=["POST"]),
        WebSocketRoute(f"{SERVICE_PATH}/subscribers/{{aetitle}}", channel),
    ]


def is_application_title(text: str) -> bool:
    """Whether ``text`` can be an AE title. Source: PS3.5 6.2."""
    return len(text.strip()) > 0 and len(text) <= 16 and text.isascii() and text.isprintable() and "\\" not in text


def _subscribe(services: Services, request: Request) -> Response:
    uid, subscriber = item_uid(request), _subscriber(request)
    wanted = Subscription(uid, subscriber, _deletion_lock(request), _filter(request, uid))
    item = services.subscriptions.add(wanted)
    if item is not None:
        services.channels.publish(state_report(item), (subscriber,))
    location = f"{websocket_root(request)}/subscribers/{subscriber}"
    return Response(status_code=201, headers={"Content-Location": location})


def _unsubscribe(services: Services, request: Request) -> Response:
    services.subscriptions.remove(item_uid(request), _subscriber(request))
    return Response(status_code=200)


def _suspend(services: Services, request: Request) -> Response:
    uid = item_uid(request)
    if uid not in GLOBAL_UIDS:
        raise BadRequest("Only a global subscription can be suspended.")
    services.subscriptions.suspend(uid, _subscriber(request))
    return Response(status_code=200)


def _subscriber(request: Request) -> str:
    subscriber: str = request.path_params["aetitle"]
    if not is_application_title(subscriber):
        raise BadRequest("The AE title of the subscriber is malformed.")
    return subscriber


def _deletion_lock(request: Request) -> bool:
    text = request.query_params.get("deletionlock", "false").lower()
    if text not in ("true", "false"):
        raise BadRequest("The parameter deletionlock must be true or false.")
    return text == "true"


def _filter(request: Request, uid: str) -> tuple[tuple[str, str], ...]:
    """Return the matching keys of a filtered subscription: ``filter=00741202=NEURO,00741200=HIGH``."""
    given = request.query_params.getlist("filter")
    if given and uid != FILTERED_GLOBAL:
        raise BadRequest("Only the filtered global subscription takes a filter.")
    pairs = [item.partition("=") for text in given for item in text.split(",") if item.strip()]
    if uid == FILTERED_GLOBAL and not pairs:
        raise BadRequest("The filtered global subscription needs a filter.")
    return tuple((name.strip(), value) for name, _, value in pairs)


async def _serve_events(services: Services, websocket: WebSocket) -> None:
    subscriber: str = websocket.path_params["aetitle"]
    if not is_application_title(subscriber):
        await websocket.close(POLICY_VIOLATION)
        return
    channel = services.channels.open(subscriber)
    try:
        await websocket.accept()
        sender = asyncio.create_task(_send(websocket, channel))
        try:
            await _until_closed(websocket)
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sender
    finally:
        services.channels.close(channel)


async def _send(websocket: WebSocket, channel: Channel) -> None:
    while (message := await channel.queue.get()) is not None:
        await websocket.send_text(message)
    await websocket.close(TRY_AGAIN_LATER)


async def _until_closed(websocket: WebSocket) -> None:
    """Wait for the end; what a subscriber says is not listened to."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
