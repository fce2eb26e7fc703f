"""The account behind the pytest fixture `leadsquared`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Unpack
from unittest.mock import patch
from urllib.parse import urlsplit

from requests import PreparedRequest, Session
from requests.adapters import HTTPAdapter

from leadquery.client import Client
from leadquery.client.auth import signed_copy
from leadquery.client.options import Options
from leadquery.emulator import ApiRequest, ApiResponse, Clock, Emulator, Faults
from leadquery.emulator.adapter import EmulatorAdapter
from leadquery.emulator.emulator import LOOPBACK
from leadquery.emulator.faults import CLOCK, NO_FAULTS, Rate
from leadquery.emulator.storage import Row
from leadquery.emulator.transport import Transport
from leadquery.errors import QueryError
from leadquery.expr import BaseField
from leadquery.lint.rules.names import suggest_attribute, suggest_field
from leadquery.query.from_payload import from_payload
from leadquery.testing.network import HOST, block_network, is_leadsquared, patch_clients
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import USER_IDS, VARIABLES

if TYPE_CHECKING:
    from leadquery.lint.name_index import UnknownName
    from leadquery.query.query import Query


ACCESS_KEY: Final = "leadsquared-access"

SECRET_KEY: Final = "leadsquared-secret"  # noqa: S105 - no real key

KEYS: Final = {ACCESS_KEY: SECRET_KEY}

DEMO_LEADS: Final = 500


class FakeLeadSquared:
    """A LeadSquared account in this process: the value of the fixture `leadsquared`.

    It answers every call that requests, httpx or aiohttp makes to `host`, to `leadsquared.com` or
    to a subdomain, from 500 demo leads or those you `load`, and blocks every other connection. The
    fixture also sets LEADQUERY_HOST and the two key variables, so `Client.from_env()` calls this
    account.

    `host`, `access_key` and `secret_key` are for clients that do not read the environment; calls
    with other keys get status 401. `url` is for other HTTP clients, and for other processes.
    """

    host = HOST
    access_key = ACCESS_KEY
    secret_key = SECRET_KEY

    def __init__(self) -> None:
        self._lock = Lock()
        self._emulator: Emulator | None = None
        self._faults = NO_FAULTS
        self._transport: Transport | None = None
        self._url: str | None = None
        self._server = ExitStack()
        self._bodies: list[bytes] = []
        self._allowed_hosts: set[str] = set()
        self._has_rate_limit = False

    def load(
        self,
        leads: Iterable[Row],
        users: Iterable[Row] = (),
        fields: Iterable[BaseField[Any]] | None = None,
        *,
        activities: Iterable[Row] = (),
        tasks: Iterable[Row] = (),
        rate: Rate | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        """Replace the leads, users, fields, activities, tasks and rate limit of the account.

        Raises QueryError as `leadquery.emulator.Emulator` does, and for a lead or user attribute
        that looks like a misspelt standard one, unless `fields` contain it.
        """
        if isinstance(fields, Iterable):
            fields = tuple(fields)
        custom = {field.name for field in fields or () if isinstance(field, BaseField)}
        emulator = Emulator(
            _check_names(leads, "lead", custom, suggest_field),
            _check_names(users, "user", {*custom, *USER_IDS}, suggest_attribute),
            fields,
            activities=activities,
            tasks=tasks,
            keys=KEYS,
            rate=rate,
            clock=clock,
        )
        with self._lock:
            self._emulator, self._transport = emulator, None
            self._has_rate_limit = rate is not None

    def inject_faults(self, faults: Faults) -> None:
        """Let calls fail from the next one on. `inject_faults(Faults())` ends that."""
        with self._lock:
            self._faults, self._transport = faults, None

    def allow_hosts(self, *hosts: str) -> None:
        """Allow connections to these hosts, such as a database.

        Give each name or address as the program does: a name and its address are two hosts.
        Raises QueryError for a host of the API.
        """
        for host in filter(is_leadsquared, hosts):
            raise QueryError(
                f"allow_hosts({host!r}) would send calls of the test to the real API; leave it "
                "out, as requests, httpx and aiohttp get answers; for another client, write "
                f"leadsquared.url, not 'https://{host}'"
            )
        self._allowed_hosts.update(hosts)

    @property
    def url(self) -> str:
        """The URL of a server on this machine that answers as the account does.

        It is for clients other than requests, httpx and aiohttp, and for processes that the test
        starts, and serves until the test ends. Connections to 127.0.0.1 are allowed from then on.
        Raises MissingDependencyError without waitress: `pip install 'leadquery[serve]'`.
        """
        if self._url is None:
            from leadquery.emulator.server import EmulatorServer
            from leadquery.emulator.wsgi import WsgiApp

            self.allow_hosts(LOOPBACK)
            server = EmulatorServer(WsgiApp(self._handle), LOOPBACK, 0)
            self._url = self._server.enter_context(server).url
            self._server.callback(setattr, self, "_url", None)
        return self._url

    @property
    def emulator(self) -> Emulator:
        """The mock API that answers the calls."""
        with self._lock:
            return self._get_emulator()

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that `Client.from_env()` reads."""
        return dict(zip(VARIABLES, (self.host, self.access_key, self.secret_key), strict=True))

    def client(self, **options: Unpack[Options]) -> Client:
        """A client of the account; `options` are those of `Client`."""
        return Client(self.host, self.access_key, self.secret_key, **options)

    @property
    def payloads(self) -> list[Any]:
        """The payloads received so far, in order: JSON values, or text where one is not JSON."""
        return [_parse_body(body) for body in self._bodies]

    @property
    def queries(self) -> list[Query]:
        """The queries received so far, in order. Raises PayloadError for an invalid payload."""
        return [from_payload(body) for body in self._bodies]

    @contextmanager
    def patched(self) -> Iterator[None]:
        """Answer calls to LeadSquared and block every other connection."""
        send = HTTPAdapter.send

        def intercept(
            adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **kwargs: Any
        ) -> Any:
            if is_leadsquared(urlsplit(request.url or "").hostname or ""):
                return account.send(signed_copy(request), *args, **kwargs)
            return send(adapter, request, *args, **kwargs)

        account = EmulatorAdapter(self._handle)
        unpaced = property(lambda _: not self._has_rate_limit)
        unwatched = property(lambda _: self.emulator.unwatched)
        with (
            patch.object(HTTPAdapter, "send", intercept),
            # Clients read these of their session: without a limit no call has to wait, and without
            # CreatedOn nothing can watch whether leads change.
            patch.object(Session, "unpaced", unpaced, create=True),
            patch.object(Session, "unwatched", unwatched, create=True),
            patch.object(Session, "is_mock", True, create=True),
            block_network(self._allowed_hosts) as check,
            patch_clients(self._handle, check),
            self._server,
        ):
            yield

    def _handle(self, request: ApiRequest, timeout: float) -> ApiResponse:
        """The response to a request, which is recorded."""
        with self._lock:
            if request.path in _REPORT_PATHS:
                self._bodies.append(request.body)
            if self._transport is None:
                self._transport = self._get_emulator().transport(self._faults)
            transport = self._transport
        return transport.handle(request, timeout)

    def _get_emulator(self) -> Emulator:
        if self._emulator is None:
            self._emulator = Emulator.demo(DEMO_LEADS, keys=KEYS)
        return self._emulator


_REPORT_PATHS: Final = {endpoint.path for endpoint in Endpoint}


def _check_names(
    rows: Iterable[Row],
    label: str,
    custom: set[str],
    suggest: Callable[[str], UnknownName | None],
) -> Iterable[Row]:
    """The rows, each checked for misspelt names when it is read."""
    # The emulator rejects what is not iterable.
    return _checked_rows(rows, label, {*custom}, suggest) if isinstance(rows, Iterable) else rows


def _checked_rows(
    rows: Iterable[Row],
    label: str,
    accepted: set[str],
    suggest: Callable[[str], UnknownName | None],
) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        for name in row if isinstance(row, Mapping) else ():
            if name in accepted or not isinstance(name, str):
                continue
            if unknown := suggest(name):
                raise QueryError(
                    f"{label} {number}: {unknown.message}; {unknown.hint}, "
                    f"or fields=[Field({name!r})] for one of your own"
                )
            accepted.add(name)
        yield row


def _parse_body(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
