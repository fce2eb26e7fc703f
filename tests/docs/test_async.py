"""The web service on docs/how-to/async.md: its tests, and clients that disconnect."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from leadquery.client.deadline import CLOCK, Clock
from leadquery.emulator import Fault, Faults
from leadquery.testing import FakeLeadSquared
from tests.client.clocks import StoppedClock
from tests.docs.pages import ROOT, blocks
from tests.docs.terminal import HOME

FILES = {
    block.file: block.text
    for block in blocks(ROOT / "docs" / "how-to" / "async.md")
    if block.file and block.language == "python"
}


def test_the_tests_pass(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_leadquery"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([HOME, str(tmp_path)]),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert "3 passed" in run.stdout, run.stdout + run.stderr


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLeadSquared]:
    account = FakeLeadSquared()
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    with account.patched():
        yield account


@pytest.fixture
def app(tmp_path: Path) -> Any:
    """The application of the page."""
    file = tmp_path / "app.py"
    file.write_text(FILES["app.py"], "utf-8")
    return runpy.run_path(str(file))["app"]


Wait = Callable[[list[Any]], Awaitable[object]]
"""Waits for the moment to disconnect, and gets what the application has sent."""


async def ask(app: Any, path: str, query: bytes, wait: Wait, clock: Clock) -> list[Any]:
    """What an application sends to a client that disconnects."""
    from leadquery import AsyncClient

    sent: list[Any] = []
    requested = False

    async def receive() -> dict[str, Any]:
        nonlocal requested
        if not requested:
            requested = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await wait(sent)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async with AsyncClient.from_env(rate=(1, 0.3), clock=clock) as client:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "method": "GET",
            "path": path,
            "query_string": query,
            "headers": [],
            "state": {"client": client},
        }
        with anyio.fail_after(30):
            await app(scope, receive, send)
    return sent


def test_a_client_that_disconnects_from_a_stream(app: Any, account: FakeLeadSquared) -> None:
    """The call for the next page, which waits for the rate limit, is not made."""
    account.load([{"ProspectID": f"{number}", "Score": 95} for number in range(5_000)])

    async def wait(sent: list[Any]) -> None:
        while len(sent) < 500:
            await anyio.sleep(0.01)

    anyio.run(ask, app, "/leads", b"above=90", wait, StoppedClock())

    assert len(account.payloads) == 1


def test_a_client_that_disconnects_from_another_response(
    app: Any,
    account: FakeLeadSquared,
) -> None:
    """The query runs to its end."""
    account.inject_faults(Faults([Fault.SLOW], slow=0.4))

    sent = anyio.run(ask, app, "/stages", b"", lambda _: anyio.sleep(0.1), CLOCK)

    assert sent[0]["status"] == 200
