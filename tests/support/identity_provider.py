"""An OpenID Connect provider that nobody here wrote, as a process, and a person who signs in there."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import requests

from tests.support.ports import free_port
from tests.support.stub_hub import Exchange

_START_S = 30.0
PERSON = "reader-alpha"


@contextmanager
def running_provider(*options: str) -> Iterator[str]:
    """Run the provider on a free port; give its issuer."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = (sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *options)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(issuer)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def _await(issuer: str) -> None:
    until = time.monotonic() + _START_S
    while True:
        try:
            requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
            return
        except requests.RequestException:
            assert time.monotonic() < until, "the provider does not start"
            time.sleep(0.1)


def redirect_of(address: str, **form: str) -> str:
    """Fill in the provider's form as a person would, and return where it sends the browser."""
    answer = requests.post(address, data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def sign_in_as(address: str, person: str = PERSON) -> requests.Response:
    """Sign in, and let the browser go where the provider sends it."""
    return requests.get(redirect_of(address, sub=person), timeout=10)


class Guard:
    """What stands before a hub: only tokens that the provider gave, and that are not withdrawn, pass."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._known: set[str] = set()
        self.withdrawn: set[str] = set()
        self.passed: list[str] = []
        self.is_open = True

    def __call__(self, exchange: Exchange) -> None:
        if self.lets_in(exchange.seen.headers):
            exchange.reply(200, b"[]", Content_Type="application/dicom+json")
        else:
            exchange.reply(401)

    def lets_in(self, headers: Mapping[str, str]) -> bool:
        """Say whether a request with these headers passes."""
        token = headers.get("authorization", "").removeprefix("Bearer ")
        is_let_in = self.is_open and token not in self.withdrawn and self._is_known(token)
        if is_let_in:
            self.passed.append(token)
        return is_let_in

    def withdraw(self) -> None:
        """Accept nothing any more that has passed."""
        self.withdrawn.update(self.passed)

    def close(self) -> None:
        """Let nobody in, whatever the token."""
        self.is_open = False

    def _is_known(self, token: str) -> bool:
        if token not in self._known:
            headers = {"Authorization": f"Bearer {token}"}
            if requests.get(f"{self.issuer}/userinfo", headers=headers, timeout=10).status_code != 200:
                return False
            self._known.add(token)
        return True
