"""Threads whose calls take time in both directions, to a server that counts them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Lock
from typing import Any

import requests
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from leadquery import Client, Leads
from leadquery.client.rate_limiter import Rate
from tests.client.simulation import Delay, Run
from tests.client.stub_server import response_of

NO_LEADS = b'{"TotalCount": "0", "Results": []}'


class SlowServer(BaseAdapter):
    """Responds after a delay in each direction, and records arrival times."""

    def __init__(self, there: Delay, back: Delay, seed: int = 0) -> None:
        super().__init__()
        self._there, self._back = there, back
        self._dice = Random(seed)  # noqa: S311 - no secret.
        self._lock = Lock()
        self.run = Run([], [], [])

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        sent = time.perf_counter()
        with self._lock:
            there, back = self._there(self._dice), self._back(self._dice)
        time.sleep(there)
        seen = time.perf_counter()
        time.sleep(back)
        with self._lock:
            self.run.sent.append(sent)
            self.run.seen.append(seen)
            self.run.trips.append(time.perf_counter() - sent)
        return response_of(request, 200, NO_LEADS)

    def close(self) -> None:
        """There is nothing to close."""


def client_of(server: BaseAdapter, account: str, **options: Any) -> Client:
    """A client of a server, for an account of its own."""
    session = requests.Session()
    session.mount("https://", server)
    return Client("api.example.com", account, "secret", session, **options)


def calls_of_threads(
    rate: Rate, threads: int, calls: int, there: Delay, back: Delay, account: str
) -> Run:
    """The calls of some threads that share a client."""
    server = SlowServer(there, back)
    client = client_of(server, account, rate=rate)
    with ThreadPoolExecutor(threads) as pool:
        counted = sum(pool.map(lambda _: client.count(Leads), range(calls)))
    server.run.sent.sort()

    assert (counted, len(server.run.seen)) == (0, calls)
    return server.run
