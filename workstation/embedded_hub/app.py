"""The embedded hub as one ASGI application."""

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workstation.domain.clock import Clock, system_clock
from workstation.embedded_hub import qido, stow, subscription_routes, ups_routes, wado
from workstation.embedded_hub.address import AddressGuard
from workstation.embedded_hub.errors import Refusal, Unavailable
from workstation.embedded_hub.events import EventChannels
from workstation.embedded_hub.files import PartFiles
from workstation.embedded_hub.index import Index
from workstation.embedded_hub.limits import HubLimits
from workstation.embedded_hub.responses import refusal_response
from workstation.embedded_hub.services import Services
from workstation.embedded_hub.subscriptions import Subscriptions
from workstation.embedded_hub.ups_store import WorkItemStore

logger = logging.getLogger(__name__)

EXPOSED_HEADERS = ["Content-Location", "Location", "Warning"]


class EmbeddedHub:
    """One folder of instances and work items, served as DICOMweb.

    ``allow_origin`` names the one web origin that may read answers, such as ``http://localhost:3000``; none by default.
    ``trusted_hosts`` are names other than loopback under which the hub may be addressed.
    """

    def __init__(
        self,
        data: Path,
        *,
        allow_origin: str | None = None,
        trusted_hosts: frozenset[str] = frozenset(),
        limits: HubLimits | None = None,
        clock: Clock = system_clock,
    ) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._allow_origin = allow_origin
        self._trusted_hosts = trusted_hosts
        index = Index(data / "index.sqlite")
        items = WorkItemStore(index)
        self._services = Services(
            index=index,
            files=PartFiles(data),
            items=items,
            subscriptions=Subscriptions(index, items),
            channels=EventChannels(),
            limits=limits or HubLimits(),
            clock=clock,
        )
        self._services.files.clear_incoming()

    def application(self) -> Starlette:
        """Return the ASGI application; it closes the hub when it shuts down."""
        middleware = [Middleware(AddressGuard, trusted_hosts=self._trusted_hosts, allow_origin=self._allow_origin)]
        if self._allow_origin is not None:
            middleware.append(
                Middleware(
                    CORSMiddleware,
                    allow_origins=[self._allow_origin],
                    allow_methods=["GET", "POST", "PUT", "DELETE"],
                    allow_headers=["*"],
                    expose_headers=EXPOSED_HEADERS,
                )
            )
        return Starlette(
            routes=[
                route
                for room in (qido, stow, wado, ups_routes, subscription_routes)
                for route in room.routes(self._services)
            ],
            middleware=middleware,
            exception_handlers={
                Refusal: _refused,
                HTTPException: _http_error,
                OSError: _unavailable,
                sqlite3.OperationalError: _unavailable,
                Exception: _unexpected,
            },
            lifespan=self._lifespan,
        )

    def close(self) -> None:
        """Close the index."""
        self._services.index.close()

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        del app
        try:
            yield
        finally:
            self.close()


def create_app(data: Path, *, allow_origin: str | None = None) -> Starlette:
    """Return the application for one folder."""
    return EmbeddedHub(data, allow_origin=allow_origin).application()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refusal_response(error, ups_routes.warning(request, error.warning))


async def _http_error(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, dict(error.headers or {}))


async def _unavailable(request: Request, error: Exception) -> Response:
    del request
    logger.error("the hub cannot read or write its folder: %s", type(error).__name__)
    return refusal_response(Unavailable("The hub cannot read or write its folder at present."))


async def _unexpected(request: Request, error: Exception) -> Response:
    del request, error
    return JSONResponse({"error": "Something unexpected went wrong in the hub."}, 500)
