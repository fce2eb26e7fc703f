"""The account that the fixture `leadsquared` gives to a test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Unpack
from unittest.mock import patch
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from leadquery.client import Client
from leadquery.client.config import Options
from leadquery.client.session import signed_with
from leadquery.emulator import Clock, Emulator, Faults
from leadquery.emulator.adapter import EmulatorAdapter, body_of
from leadquery.emulator.clock import CLOCK, Rate
from leadquery.emulator.faults import NO_FAULTS
from leadquery.emulator.storage import Row
from leadquery.errors import QueryError
from leadquery.expr import BaseField
from leadquery.lint.rules.names import suggest_attribute, suggest_field
from leadquery.query.from_payload import from_payload
from leadquery.testing.no_network import block_network
from leadquery.wire.protocol import DOMAIN, PATH, VARIABLES

if TYPE_CHECKING:
    from leadquery.lint.name_index import UnknownName
    from leadquery.query.query import Query


HOST: Final = f"api.{DOMAIN}"

ACCESS_KEY: Final = "leadsquared-access"

SECRET_KEY: Final = "leadsquared-secret"  # noqa: S105 - of nobody

KEYS: Final = {ACCESS_KEY: SECRET_KEY}

DEMO_LEADS: Final = 500


class FakeLeadSquared:
    """An account in this process: what the fixture `leadsquared` is.

    It answers every call that requests makes to `leadsquared.com` or a host below it, from 500
    demo leads until `fill` gives it others, and lets no other call out. `Client.from_env()`, and
    any program that takes LEADQUERY_HOST and the two keys from the environment, calls it too.

    `host`, `access_key` and `secret_key` are what to give a client that takes none of these from
    the environment; other keys get status 401.
    """

    host = HOST
    access_key = ACCESS_KEY
    secret_key = SECRET_KEY

    def __init__(self) -> None:
        self.unpaced = True
        self._lock = Lock()
        self._emulator: Emulator | None = None
        self._faults = NO_FAULTS
        self._adapter: EmulatorAdapter | None = None
        self._bodies: list[bytes] = []
        self._allowed: set[str] = set()

    def fill(
        self,
        leads: Iterable[Row],
        users: Iterable[Row] = (),
        fields: Iterable[BaseField[Any]] | None = None,
        *,
        rate: Rate | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        """Give the account these leads in place of those it has, and users, fields and a limit.

        Raises QueryError as `leadquery.emulator.Emulator` does, and for a name of a lead or a user
        that is nearly a known one, unless `fields` name it too.
        """
        words = tuple(fields) if isinstance(fields, Iterable) else fields
        own = {word.name for word in words or () if isinstance(word, BaseField)}
        emulator = Emulator(
            _check_names(leads, "lead", own, suggest_field),
            _check_names(users, "user", own, suggest_attribute),
            words,
            keys=KEYS,
            rate=rate,
            clock=clock,
        )
        with self._lock:
            self._emulator, self._adapter = emulator, None
            self.unpaced = rate is None

    def break_down(self, faults: Faults) -> None:
        """From the next call on, let calls go wrong. `break_down(Faults())` mends all."""
        with self._lock:
            self._faults, self._adapter = faults, None

    def allow(self, *hosts: str) -> None:
        """Let sockets out to these hosts, as to a database: names or addresses, as they are used.

        What a name is looked up as is another host.
        """
        self._allowed.update(hosts)

    @property
    def emulator(self) -> Emulator:
        """What answers."""
        with self._lock:
            return self._filled()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that name the account to `Client.from_env()`."""
        return dict(zip(VARIABLES, (self.host, self.access_key, self.secret_key), strict=True))

    def client(self, **options: Unpack[Options]) -> Client:
        """A client of the account, with the options of a client."""
        return Client(self.host, self.access_key, self.secret_key, **options)

    @property
    def payloads(self) -> list[Any]:
        """What has been asked so far, as JSON; as text, where it is none."""
        return [_parse_body(body) for body in self._bodies]

    @property
    def queries(self) -> list[Query]:
        """What has been asked so far. Raises PayloadError for a body with errors."""
        return [from_payload(body) for body in self._bodies]

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Stand in for the account, and for every other host refuse."""
        send = HTTPAdapter.send

        def sent(adapter: HTTPAdapter, request: PreparedRequest, *given: Any, **named: Any) -> Any:
            if _is_leadsquared(request):
                return self._send(signed_with(adapter, request), *given, **named)
            return send(adapter, request, *given, **named)

        with (
            patch.object(HTTPAdapter, "send", sent),
            patch.object(Session, "unpaced", _Unpaced(self), create=True),
            block_network(self._allowed),
        ):
            yield

    def _send(self, request: PreparedRequest, *given: Any, **named: Any) -> Response:
        # Files and parts can be read but once.
        request.body = body = body_of(request)
        with self._lock:
            if urlsplit(request.url or "").path == PATH:
                self._bodies.append(body)
            if self._adapter is None:
                self._adapter = EmulatorAdapter(self._filled().wire(self._faults))
            adapter = self._adapter
        return adapter.send(request, *given, **named)

    def _filled(self) -> Emulator:
        if self._emulator is None:
            self._emulator = Emulator.demo(DEMO_LEADS, keys=KEYS)
        return self._emulator


def _check_names(
    rows: Iterable[Row], sort: str, own: Iterable[str], look: Callable[[str], UnknownName | None]
) -> Iterable[Row]:
    """Rows, as long as no name in them was meant for another one."""
    return _each_checked(rows, sort, {*own}, look) if isinstance(rows, Iterable) else rows


def _each_checked(
    rows: Iterable[Row], sort: str, passed: set[str], look: Callable[[str], UnknownName | None]
) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        for name in row if isinstance(row, Mapping) else ():
            if name in passed or not isinstance(name, str):
                continue
            if stranger := look(name):
                raise QueryError(
                    f"{sort} {number}: {stranger.message}; {stranger.hint}, "
                    f"or fields=[Field({name!r})] for one of your own"
                )
            passed.add(name)
        yield row


class _Unpaced:
    """Tells clients, as an attribute of every session, whether their calls go without a pace."""

    def __init__(self, account: FakeLeadSquared) -> None:
        self._account = account

    def __get__(self, *_: object) -> bool:
        return self._account.unpaced


def _is_leadsquared(request: PreparedRequest) -> bool:
    host = urlsplit(request.url or "").hostname or ""
    return f".{host}".endswith(f".{DOMAIN}")


def _parse_body(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
