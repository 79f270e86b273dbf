"""OHIF, unpacked by whoever tests (the ``dist`` folder of the npm package @ohif/app), served beside a hub.

Nothing of OHIF is in this tree and nothing is downloaded: ``REQUIS_OHIF_DIST`` names the folder.
"""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

VARIABLE = "REQUIS_OHIF_DIST"


def ohif_folder() -> Path:
    """The unpacked viewer; skips by name where it is not given."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        pytest.skip(f"OHIF absent: {VARIABLE} names no folder")
    folder = Path(named)
    if not (folder / "index.html").is_file():
        pytest.skip(f"OHIF absent: {VARIABLE} holds no index.html")
    return folder


def configuration(hub: str) -> str:
    """The viewer's app-config.js: one DICOMweb source, the hub, in the standard's own ways."""
    source = {
        "friendlyName": "Requis",
        "qidoRoot": hub,
        "wadoRoot": hub,
        "wadoUriRoot": hub,
        "qidoSupportsIncludeField": True,
        "imageRendering": "wadors",
        "thumbnailRendering": "wadors",
        "enableStudyLazyLoad": True,
        "supportsFuzzyMatching": False,
        "supportsWildcard": True,
        "omitQuotationForMultipartRequest": False,
        "bulkDataURI": {"enabled": True},
    }
    config = {
        "routerBasename": "/",
        "extensions": [],
        "modes": [],
        "showStudyList": True,
        "showWarningMessageForCrossOrigin": False,
        "showCPUFallbackMessage": False,
        "investigationalUseDialog": {"option": "never"},
        "maxNumberOfWebWorkers": 2,
        "defaultDataSourceName": "requis",
        "dataSources": [
            {
                "namespace": "@ohif/extension-default.dataSourcesModule.dicomweb",
                "sourceName": "requis",
                "configuration": source,
            }
        ],
    }
    return f"window.config = {json.dumps(config)};"


class OhifServer(ThreadingHTTPServer):
    """Serves the viewer; any path that is no file is the viewer's own route."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        self.configuration = ""
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        route = self.path.split("?")[0]
        if route == "/app-config.js":
            assert isinstance(self.server, OhifServer)
            self._say(self.server.configuration.encode())
            return
        if not Path(self.translate_path(route)).is_file():
            self.path = "/index.html"
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: paths name studies."""

    def _say(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(server: OhifServer) -> Iterator[OhifServer]:
    thread = threading.Thread(target=server.serve_forever, name="ohif", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
