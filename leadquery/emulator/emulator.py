"""The API in a box: what it is filled with, and the ways to ask it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leadquery.emulator.app import App, as_json
from leadquery.emulator.clock import CLOCK, Clock, Rate, RateWindow
from leadquery.emulator.collation import Kind, each, folded, moment, number
from leadquery.emulator.demo import demo_fields, demo_leads, demo_users
from leadquery.emulator.drift import WHOLE, Snapshot
from leadquery.emulator.executor import Database, ResultSet
from leadquery.emulator.faults import NO_FAULTS, Faults
from leadquery.emulator.messages import Keys, pairs
from leadquery.emulator.metadata import metadata
from leadquery.emulator.storage import Row, connect
from leadquery.emulator.transport import Transport
from leadquery.errors import QueryError
from leadquery.expr import BaseField, Date, Field, Number
from leadquery.fields import STANDARD
from leadquery.lint.check import read
from leadquery.lint.json_values import describe_json

if TYPE_CHECKING:
    from leadquery.emulator.adapter import EmulatorSession
    from leadquery.emulator.server import EmulatorServer

MEMORY: Final = ":memory:"
LOOPBACK: Final = "127.0.0.1"


class Emulator:
    """Answers payloads as the documented API would, from leads of your own.

    `leads` and `users` are dicts by schema name or attribute. Values are the API's text or Python
    values: numbers, True and False, dates (a naive datetime is taken as UTC), times, None.
    `fields` are words that say the kinds of the account's own fields, as in
    `Number("mx_Deal_Value")`; of the rest, a field is a number when every value in it is one.
    `keys` are the pairs of access and secret key that may call, any when None.
    `rate` is a strict limit over all its sessions, as in `(25, 5.0)` for 25 calls in any 5
    seconds, none when None; `clock` is the time it goes by, and that faults take.
    `database` is a file to build, for more leads than memory holds.

    `leadquery.emulator.assumptions` names what it takes for granted where the API's page is silent.
    Threads may share it.

    Raises QueryError for what is no lead, user, field or pair of keys.

    >>> emulator = Emulator([{"ProspectID": "a", "Score": 7}, {"ProspectID": "b", "Score": 3}])
    >>> emulator
    <Emulator: 2 leads, 0 users>
    """

    def __init__(
        self,
        leads: Iterable[Row],
        users: Iterable[Row] = (),
        fields: Iterable[BaseField[Any]] | None = None,
        *,
        keys: Keys | None = None,
        rate: Rate | None = None,
        clock: Clock = CLOCK,
        database: str | Path = MEMORY,
    ) -> None:
        words = _words(() if fields is None else fields)
        allowed = None if keys is None else pairs(keys)
        self._window = None if rate is None else RateWindow(rate, clock)
        self._clock = clock
        connection = _opened(database)
        try:
            self._account = Database(connection, leads, users, _kinds(words))
        except BaseException:
            _thrown_away(connection, database)
            raise
        self._door = App(
            partial(_sheet, self._account),
            partial(metadata, self._account.leads, words),
            allowed,
            self._window,
        )

    @classmethod
    def demo(
        cls,
        size: int = 10_000,
        *,
        seed: int = 1,
        now: datetime | None = None,
        keys: Keys | None = None,
        rate: Rate | None = None,
        clock: Clock = CLOCK,
        database: str | Path = MEMORY,
    ) -> Emulator:
        """An emulator of `size` demo leads and their users, made on the spot.

        Raises QueryError as `demo_leads` does.

        >>> Emulator.demo(500)
        <Emulator: 500 leads, 12 users>
        """
        leads, users = demo_leads(size, seed, now), demo_users(seed)
        return cls(
            leads, users, demo_fields(), keys=keys, rate=rate, clock=clock, database=database
        )

    def answer(self, payload: object) -> dict[str, Any]:
        """The JSON object the API would answer with. A payload is a dict, JSON text or bytes.

        Raises PayloadError for a payload with errors, UnsupportedQueryError for a user operator
        that nobody has seen, and QueryError when the emulator is closed.

        >>> emulator = Emulator([{"Score": "7"}, {"Score": "3"}])
        >>> high = {"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": ">"}
        >>> output = {"Type": "list", "IncludeCSV": "Score"}
        >>> emulator.answer({"ReportFilter": {"LeadFilters": [high]}, "Output": output})
        {'TotalCount': '1', 'Results': [{'Score': '7'}]}
        """
        return as_json(_sheet(self._account, payload))

    def session(self, faults: Faults = NO_FAULTS) -> EmulatorSession:
        """A `requests.Session` that is answered here, whatever the host; it opens no socket.

        What is to go wrong starts anew with each session: its first call, and all the leads.

        >>> Emulator([]).session().get("https://api.example.com/").status_code
        404
        """
        from leadquery.emulator.adapter import EmulatorSession

        return EmulatorSession(self.wire(faults), unpaced=self._window is None)

    def wire(self, faults: Faults = NO_FAULTS) -> Transport:
        """What sessions and servers carry calls over. (See `session`)"""
        return Transport(self._door, faults, self._clock, self.leads)

    def server(
        self, port: int = 0, host: str = LOOPBACK, faults: Faults = NO_FAULTS
    ) -> EmulatorServer:
        """The same on a port, for clients in any language; 0 takes a free one.

        It needs werkzeug: `pip install 'leadquery[serve]'`. It serves while a `with` holds it, or
        in `serve()`, until it is interrupted.

        Raises QueryError without werkzeug, and for a port that cannot be used.

        >>> import requests
        >>> with Emulator([]).server() as server:
        ...     requests.get(server.url, timeout=5).status_code
        404
        """
        from leadquery.emulator.server import EmulatorServer

        return EmulatorServer(self.wire(faults), host, port)

    @property
    def refused(self) -> int:
        """How many calls were refused because they were over the limit."""
        return 0 if self._window is None else self._window.refused

    def close(self) -> None:
        """Let go of the database; it is let go of anyway with the last session.

        From then on `answer` raises QueryError, and sessions get status 500.
        """
        self._account.close()

    @property
    def leads(self) -> int:
        """How many leads there are."""
        return self._account.leads.size

    @property
    def users(self) -> int:
        """How many users there are."""
        return self._account.users.size

    def __repr__(self) -> str:
        return f"<Emulator: {self.leads:,} leads, {self.users:,} users>"


def _sheet(account: Database, payload: object, view: Snapshot = WHOLE) -> ResultSet:
    return account.sheet(read(payload), view)


def _opened(database: str | Path) -> sqlite3.Connection:
    if database != MEMORY and Path(database).exists():
        raise QueryError(f"{str(database)!r} exists; name a file to build")
    try:
        return connect(str(database))
    except sqlite3.Error as error:
        raise QueryError(
            f"{str(database)!r} cannot be built: {error}; name a file to build"
        ) from None


def _thrown_away(connection: sqlite3.Connection, database: str | Path) -> None:
    """Leave no half of a file behind: the next try would find that it exists."""
    connection.close()
    if database != MEMORY:
        Path(database).unlink(missing_ok=True)


def _words(fields: Iterable[BaseField[Any]]) -> tuple[BaseField[Any], ...]:
    hint = "fields= takes a list of words; write [Number('mx_Deal_Value')]"
    words = tuple(each(fields, hint))
    for word in words:
        if not isinstance(word, BaseField):
            raise QueryError(f"{describe_json(word)} is no field; {hint}")
    return words


def _kinds(words: Iterable[BaseField[Any]]) -> dict[str, Kind]:
    """The kinds that are known beforehand: of standard fields, and of those that words name."""
    named = {word.name: _kind(word) for word in words if type(word) is not Field}
    return named | {name: _kind(word) for name, word in STANDARD.items()}


def _kind(word: BaseField[Any]) -> Kind:
    return next((kind for words, kind in _KINDS if isinstance(word, words)), folded)


_KINDS: Final = ((Number, number), (Date, moment))
