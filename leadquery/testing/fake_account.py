"""The account behind the pytest fixture `leadsquared`, and its block of the network."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Lock, local
from typing import TYPE_CHECKING, Any, Final, Unpack
from unittest.mock import patch
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from leadquery.client import Client
from leadquery.client.arguments import Options
from leadquery.client.connection import signed_copy
from leadquery.emulator import Clock, Emulator, Faults
from leadquery.emulator.adapter import EmulatorAdapter, body_of
from leadquery.emulator.clock import CLOCK, Rate
from leadquery.emulator.faults import NO_FAULTS
from leadquery.emulator.storage import Row
from leadquery.errors import QueryError
from leadquery.expr import BaseField
from leadquery.lint.rules.names import suggest_attribute, suggest_field
from leadquery.query.from_payload import from_payload
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import DOMAIN, USER_IDS, VARIABLES

if TYPE_CHECKING:
    from leadquery.lint.name_index import UnknownName
    from leadquery.query.query import Query


INTERNET_FAMILIES: Final = frozenset({socket.AF_INET, socket.AF_INET6})

CONNECT_METHODS: Final = ("connect", "connect_ex", "sendto")
"""Methods of a socket whose last argument is the address."""

LOOKUP_FUNCTIONS: Final = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
"""Functions of the module whose first argument is the host."""


class NetworkBlockedError(RuntimeError):
    """A test opened a network connection while it used the fixture `leadsquared`.

    Not an OSError, so that no client takes it for a network failure and tries again.
    """


@contextmanager
def block_network(allowed: Collection[str]) -> Iterator[None]:
    """Block connections and name look-ups, except for the hosts in `allowed`.

    Unix sockets work, and so do socket pairs, which event loops use.
    """
    pairing = local()

    def check(host: object) -> None:
        if str(host) not in allowed and not getattr(pairing, "active", False):
            raise NetworkBlockedError(
                f"connection to {host!r} in a test with leadsquared; call leadsquared.host, "
                f"or write leadsquared.allow_hosts({host!r})"
            )

    def socketpair(*args: Any, **kwargs: Any) -> Any:
        # On Windows a pair is made by a connection to this machine.
        pairing.active = True
        try:
            return original_socketpair(*args, **kwargs)
        finally:
            pairing.active = False

    original_socketpair = socket.socketpair
    with ExitStack() as patches:
        for name in CONNECT_METHODS:
            patches.enter_context(patch.object(socket.socket, name, _guard_method(name, check)))
        for name in LOOKUP_FUNCTIONS:
            patches.enter_context(patch.object(socket, name, _guard_lookup(name, check)))
        patches.enter_context(patch.object(socket, "getnameinfo", _guard_getnameinfo(check)))
        # Windows has no sendmsg.
        if hasattr(socket.socket, "sendmsg"):
            patches.enter_context(patch.object(socket.socket, "sendmsg", _guard_sendmsg(check)))
        patches.enter_context(patch.object(socket, "socketpair", socketpair))
        yield


def _guard_method(name: str, check: Callable[[object], None]) -> Callable[..., Any]:
    original: Callable[..., Any] = getattr(socket.socket, name)

    def call(self: socket.socket, *args: Any) -> Any:
        if self.family in INTERNET_FAMILIES:
            check(args[-1][0])
        return original(self, *args)

    return call


def _guard_sendmsg(check: Callable[[object], None]) -> Callable[..., Any]:
    original = socket.socket.sendmsg

    def call(self: socket.socket, *args: Any) -> Any:
        # The fourth argument is the address; a connected socket needs none.
        if self.family in INTERNET_FAMILIES and len(args) > 3 and args[3] is not None:
            check(args[3][0])
        return original(self, *args)

    return call


def _guard_getnameinfo(check: Callable[[object], None]) -> Callable[..., Any]:
    original = socket.getnameinfo

    def call(address: Any, flags: int) -> Any:
        check(address[0])
        return original(address, flags)

    return call


def _guard_lookup(name: str, check: Callable[[object], None]) -> Callable[..., Any]:
    original: Callable[..., Any] = getattr(socket, name)

    def call(host: Any, *args: Any, **kwargs: Any) -> Any:
        # None is the address that a server listens on.
        if host is not None:
            check(host)
        return original(host, *args, **kwargs)

    return call


HOST: Final = f"api.{DOMAIN}"

ACCESS_KEY: Final = "leadsquared-access"

SECRET_KEY: Final = "leadsquared-secret"  # noqa: S105 - no real key

KEYS: Final = {ACCESS_KEY: SECRET_KEY}

DEMO_LEADS: Final = 500


class FakeLeadSquared:
    """A LeadSquared account in this process: the value of the fixture `leadsquared`.

    It answers every call that requests makes to `leadsquared.com` or a subdomain, from 500 demo
    leads or those you `load`, and blocks every other connection. The fixture also sets
    LEADQUERY_HOST and the two key variables, so `Client.from_env()` calls this account.

    `host`, `access_key` and `secret_key` are for clients that do not read the environment; calls
    with other keys get status 401.
    """

    host = HOST
    access_key = ACCESS_KEY
    secret_key = SECRET_KEY

    def __init__(self) -> None:
        self._lock = Lock()
        self._emulator: Emulator | None = None
        self._faults = NO_FAULTS
        self._adapter: EmulatorAdapter | None = None
        self._bodies: list[bytes] = []
        self._allowed_hosts: set[str] = set()
        self._has_rate_limit = False
        self._is_patched = False

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
            self._emulator, self._adapter = emulator, None
            self._has_rate_limit = rate is not None
            if self._is_patched:
                Session.unpaced = not self._has_rate_limit  # type: ignore[attr-defined]

    def inject_faults(self, faults: Faults) -> None:
        """Let calls fail from the next one on. `inject_faults(Faults())` ends that."""
        with self._lock:
            self._faults, self._adapter = faults, None

    def allow_hosts(self, *hosts: str) -> None:
        """Allow connections to these hosts, such as a database.

        Give each name or address as the program does: a name and its address are two hosts.
        """
        self._allowed_hosts.update(hosts)

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
            if _is_leadsquared(request):
                return self._send(signed_copy(request), *args, **kwargs)
            return send(adapter, request, *args, **kwargs)

        with (
            patch.object(HTTPAdapter, "send", intercept),
            # Clients read these of their session: without a limit no call has to wait, and without
            # CreatedOn nothing can watch whether leads change.
            patch.object(Session, "unpaced", not self._has_rate_limit, create=True),
            patch.object(
                Session,
                "unwatched",
                property(lambda _: self._get_emulator().unwatched),
                create=True,
            ),
            patch.object(Session, "is_mock", True, create=True),
            patch.object(self, "_is_patched", new=True),
            block_network(self._allowed_hosts),
        ):
            yield

    def _send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        # A body that is a file or an iterator can be read only once.
        request.body = body = body_of(request)
        with self._lock:
            if urlsplit(request.url or "").path in _REPORT_PATHS:
                self._bodies.append(body)
            if self._adapter is None:
                self._adapter = EmulatorAdapter(self._get_emulator().transport(self._faults))
            adapter = self._adapter
        return adapter.send(request, *args, **kwargs)

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


def _is_leadsquared(request: PreparedRequest) -> bool:
    host = urlsplit(request.url or "").hostname or ""
    return f".{host}".endswith(f".{DOMAIN}")


def _parse_body(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
