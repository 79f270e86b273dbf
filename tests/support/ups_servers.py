"""Small servers that imitate the published forms of UPS-RS, strictly: a request in another form is refused.

Written from PS3.18 11, from the sources of dcm4chee-arc-light and the documentation of Azure Health Data Services.
They are not the products: what they prove is that the form is understood, not that the product behaves so.
"""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

STATE, TRANSACTION, PERFORMED = "00741000", "00081195", "00741216"
GLOBAL, FILTERED = "1.2.840.10008.5.1.4.34.5", "1.2.840.10008.5.1.4.34.5.1"
# The UID itself is the query, without a name.
BARE = "?"
ABBREVIATED = ("00080018", STATE, "00741204")


@dataclass(frozen=True, slots=True)
class Rules:
    """How one family of servers wants to be asked; an empty name is for what the query must not carry."""

    create_by: str = "workitem"
    update_by: str = "transaction-uid"
    names_requester: bool = False
    wants_body_transaction: bool = False
    wraps_changes: bool = False
    abbreviates: bool = False
    ignores_state: bool = False
    refuses_fields: bool = False
    answers_objects: bool = False
    wrong_transaction: int = 409
    checks_transactions: bool = True
    performer_status: int = 200
    global_status: int = 201
    filter_by: str = "filter"
    channel_first: bool = True


@dataclass
class UpsServer:
    """Work items of a running imitation, who subscribed, and the open channels."""

    rules: Rules
    url: str = ""
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    transactions: dict[str, str] = field(default_factory=dict)
    subscribed: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cancel_answer: tuple[int, str] = (202, "")
    channels: list[WebSocket] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def tell(self, uid: str, kind: int = 1) -> None:
        """Send one event report through every channel."""
        report = json.dumps({"00001000": {"vr": "UI", "Value": [uid]}, "00001002": {"vr": "US", "Value": [kind]}})
        assert self.loop is not None
        for channel in self.channels:
            asyncio.run_coroutine_threadsafe(channel.send_text(report), self.loop).result(10)

    def application(self) -> Starlette:
        root = "/aets/ARC/rs"
        suffix = "/{requester}" if self.rules.names_requester else ""
        channel = f"{root}/subscribers/{{title}}" if self.rules.channel_first else "/aets/ARC/ws/subscribers/{title}"
        return Starlette(
            routes=[
                Route(f"{root}/workitems", self._create, methods=["POST"]),
                Route(f"{root}/workitems", self._search),
                Route(f"{root}/workitems/{{uid}}", self._retrieve),
                Route(f"{root}/workitems/{{uid}}", self._update, methods=["POST"]),
                Route(f"{root}/workitems/{{uid}}/state{suffix}", self._move, methods=["PUT"]),
                Route(f"{root}/workitems/{{uid}}/cancelrequest{suffix}", self._cancel, methods=["POST"]),
                Route(f"{root}/workitems/{{uid}}/subscribers/{{title}}", self._subscribe, methods=["POST"]),
                Route(f"{root}/workitems/{{uid}}/subscribers/{{title}}", self._unsubscribe, methods=["DELETE"]),
                WebSocketRoute(channel, self._channel),
            ]
        )

    async def _create(self, request: Request) -> Response:
        uid = self._named(request, self.rules.create_by)
        content = await request.json()
        if uid is None or not isinstance(content, list):
            return Response(status_code=400)
        if uid in self.items:
            return Response(status_code=409)
        self.items[uid] = {**content[0], "00080018": {"vr": "UI", "Value": [uid]}}
        return Response(status_code=201)

    async def _search(self, request: Request) -> Response:
        self.asked.append(str(request.url.query))
        if self.rules.refuses_fields and "includefield" in request.query_params:
            return Response(status_code=400)
        if int(request.query_params.get("offset", "0")):
            return Response(status_code=204)
        wanted = request.query_params.get("ProcedureStepState", "")
        found = [item for item in self.items.values() if self.rules.ignores_state or _state(item) == wanted]
        if self.rules.abbreviates:
            found = [{tag: item[tag] for tag in ABBREVIATED if tag in item} for item in found]
        return JSONResponse(found) if found else Response(status_code=204)

    async def _retrieve(self, request: Request) -> Response:
        item = self.items.get(request.path_params["uid"])
        if item is None:
            return Response(status_code=404)
        return JSONResponse(item if self.rules.answers_objects else [item])

    async def _update(self, request: Request) -> Response:
        uid = request.path_params["uid"]
        if uid not in self.items:
            return Response(status_code=404)
        change = self._change(await request.json())
        named = self._named(request, self.rules.update_by) if self.rules.update_by else ""
        if change is None or named is None or (not self.rules.update_by and request.url.query):
            return Response(status_code=400)
        given = _first(change, TRANSACTION) if self.rules.wants_body_transaction else named
        if self.rules.checks_transactions and given != self.transactions.get(uid):
            return Response(status_code=self.rules.wrong_transaction)
        if PERFORMED in change and self.rules.performer_status != 200:
            return Response(status_code=self.rules.performer_status)
        self.items[uid] |= {tag: value for tag, value in change.items() if tag != TRANSACTION}
        return Response(status_code=200)

    async def _move(self, request: Request) -> Response:
        uid = request.path_params["uid"]
        change = self._change(await request.json())
        if uid not in self.items:
            return Response(status_code=404)
        if change is None:
            return Response(status_code=400)
        wanted, given, item = _state(change), _first(change, TRANSACTION), self.items[uid]
        if wanted == "IN PROGRESS":
            if _state(item) != "SCHEDULED":
                return Response(status_code=409)
            self.transactions[uid] = given
        elif given != self.transactions.get(uid):
            return Response(status_code=self.rules.wrong_transaction)
        item[STATE] = {"vr": "CS", "Value": [wanted]}
        return Response(status_code=200)

    async def _cancel(self, request: Request) -> Response:
        if request.path_params["uid"] not in self.items:
            return Response(status_code=404)
        status, sentence = self.cancel_answer
        headers = {"Warning": f"299 {self.url}: {sentence}"} if sentence else {}
        return Response(status_code=status, headers=headers)

    async def _subscribe(self, request: Request) -> Response:
        uid, title = request.path_params["uid"], request.path_params["title"]
        if uid == GLOBAL and self.rules.global_status != 201:
            return Response(status_code=self.rules.global_status)
        if uid == FILTERED and not request.query_params.get(self.rules.filter_by):
            return Response(status_code=400)
        self.subscribed[uid, title] = dict(request.query_params)
        address = self.url.replace("http", "ws", 1).replace("/rs", "/ws") + f"/subscribers/{title}"
        return Response(status_code=201, headers={} if self.rules.channel_first else {"Location": address})

    async def _unsubscribe(self, request: Request) -> Response:
        gone = self.subscribed.pop((request.path_params["uid"], request.path_params["title"]), None)
        return Response(status_code=404 if gone is None else 200)

    async def _channel(self, websocket: WebSocket) -> None:
        self.loop = asyncio.get_running_loop()
        await websocket.accept()
        self.channels.append(websocket)
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass
        self.channels.remove(websocket)

    def _named(self, request: Request, name: str) -> str | None:
        """Return the UID of the query in the one form that is understood."""
        query = str(request.url.query)
        if name == BARE:
            return query if query and "=" not in query else None
        return request.query_params.get(name)

    def _change(self, content: Any) -> dict[str, Any] | None:
        if self.rules.wraps_changes:
            return content[0] if isinstance(content, list) and len(content) == 1 else None
        return content if isinstance(content, dict) else None


@contextmanager
def running_ups_server(rules: Rules) -> Iterator[UpsServer]:
    """Serve on a free port of the loopback interface for as long as the block runs."""
    server = UpsServer(rules)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}/aets/ARC/rs"
        config = uvicorn.Config(server.application(), ws="websockets-sansio", lifespan="off", log_config=None)
        runner = uvicorn.Server(config)
        thread = threading.Thread(target=runner.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield server
        finally:
            runner.should_exit = True
            thread.join()


def _state(item: dict[str, Any]) -> str:
    return _first(item, STATE)


def _first(item: dict[str, Any], tag: str) -> str:
    values = item.get(tag, {}).get("Value") or [""]
    return str(values[0])
