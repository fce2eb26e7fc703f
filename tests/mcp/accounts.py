"""Mock accounts whose calls are written down, and assistants for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any

from leadquery import Client
from leadquery.emulator import Emulator
from leadquery.emulator.app import ApiRequest, ApiResponse, App
from leadquery.emulator.faults import NO_FAULTS, Faults, Snapshot
from leadquery.mcp.assistant import Assistant, Scope
from leadquery.mcp.budget import Budget

NOW = datetime(2026, 7, 1, tzinfo=UTC)

ACCESS, SECRET = "access-key-1f3a", "secret-key-9b2c"


class Journal:
    """The requests that reach a mock API, in order."""

    def __init__(self, emulator: Emulator) -> None:
        self._app: App = emulator._app
        self._lock = Lock()
        self.requests: list[ApiRequest] = []
        self.before: Callable[[], None] = lambda: None
        emulator._app = self  # type: ignore[assignment]

    def reject(self, request: ApiRequest) -> ApiResponse | None:
        with self._lock:
            self.requests.append(request)
        self.before()
        return self._app.reject(request)

    def handle(self, request: ApiRequest, snapshot: Snapshot) -> ApiResponse:
        return self._app.handle(request, snapshot)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """The bodies of those that ask for leads."""
        return [json.loads(one.body) for one in self.requests if "FilterByLeadField" in one.path]

    def clear(self) -> None:
        """Forget all."""
        self.requests.clear()
        self.before = lambda: None


@cache
def demo_account() -> tuple[Emulator, Journal]:
    """A mock API with 300 leads, which all tests of a process share."""
    emulator = Emulator.demo(300, now=NOW, keys=[(ACCESS, SECRET)])
    return emulator, Journal(emulator)


def demo_client(faults: Faults = NO_FAULTS) -> Client:
    """A client of the mock API."""
    session = demo_account()[0].session(faults)
    return Client("api.example.com", ACCESS, SECRET, session, max_attempts=3)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


def demo_assistant(budget: int = 100, clock: Clock | None = None) -> Assistant:
    """An assistant of the mock API, with a new journal."""
    demo_account()[1].clear()
    clock = clock or Clock()
    return Assistant(demo_client(), Budget(budget, clock), now=clock)


def called(assistant: Assistant, tool: str, approved: int = 0, /, **arguments: Any) -> Any:
    """What a tool returns."""
    return getattr(assistant, tool)(Scope(approved), **arguments)
