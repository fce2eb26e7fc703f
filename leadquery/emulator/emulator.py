"""The mock API: what it is filled with, and how to call it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import describe_json, warn_user
from leadquery.emulator.app import App, Keys, lead_fields_metadata, parse_keys, to_json
from leadquery.emulator.collations import (
    AS_EXACT_TIMESTAMP,
    AS_NUMBER,
    AS_TEXT,
    AS_TIMESTAMP,
    AS_TRUTH,
    Collation,
)
from leadquery.emulator.demo import (
    demo_activities,
    demo_fields,
    demo_leads,
    demo_tasks,
    demo_users,
)
from leadquery.emulator.executor import Database, ResultSet
from leadquery.emulator.faults import (
    ALL_LEADS,
    CLOCK,
    NO_FAULTS,
    Clock,
    Faults,
    Rate,
    RateWindow,
    Snapshot,
)
from leadquery.emulator.storage import Row, connect, iterate
from leadquery.emulator.transport import Transport
from leadquery.emulator.users import search_users
from leadquery.errors import QueryError
from leadquery.expr import BaseField, Boolean, Date, Field, Number
from leadquery.expr.unreadable import warn_of_unreadable
from leadquery.fields import STANDARD, ProspectID
from leadquery.lint.check import read
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import DATE, TRUE, UNDATED

if TYPE_CHECKING:
    from leadquery.emulator.adapter import EmulatorSession
    from leadquery.emulator.server import EmulatorServer
    from leadquery.emulator.wsgi import WsgiApp

MEMORY: Final = ":memory:"
LOOPBACK: Final = "127.0.0.1"

AFTER_LEADS: Final = timedelta(minutes=1)
"""How long after the last change of a lead the mock API is, at least."""

LAST_DATE: Final = datetime.max.replace(tzinfo=UTC) - AFTER_LEADS


class Emulator:
    """Answers payloads as the documented API would, from leads of your own.

    `leads` and `users` are dicts by schema name or attribute. The id of a user is its `UserID`, or
    its `ID` or `UserId`, as the vendor returns it. Lists in users are ignored. Values are the API's
    text or Python values: numbers, True and False, dates (a naive datetime is taken as UTC), times,
    None.
    `fields` give the types of the account's own fields, as in `Number("mx_Deal_Value")`; any
    other field is a number if every value in it is one, or a checkbox if all are true or false.
    `activities` and `tasks` are those of the leads, for the reports on them: each a dict with the
    lead's `ProspectID`, and an activity's `ActivityEvent` (its code), or a task's `TaskType` and
    `Status` (Pending, Overdue, or any other for a closed one).
    `keys` are the pairs of access and secret key that may call; any pair may when it is None.
    `counts_fractions` says whether the fractions of a lead's dates count in comparisons, which the
    API's page does not say: a lead of "2026-03-01 23:59:59.412" is then after 23:59:59.
    `rate` is a strict limit over all sessions, such as `(25, 5.0)` for 25 calls in any 5
    seconds; None for no limit. `clock` is the time that the limit and the faults go by.
    `database` is a file to build, for more leads than fit in memory.
    `max_rows` is the row at which lists end, as some accounts' may at 10,000: no later page has
    rows, although the total counts them; None for no end.

    `leadquery.emulator.assumptions` lists what it assumes where the API's page is silent.
    Threads may share it.

    Raises QueryError for invalid leads, users, fields or keys. Warns of values that the type of
    their field cannot read, which count as no data, and of leads with the same ProspectID.

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
        activities: Iterable[Row] = (),
        tasks: Iterable[Row] = (),
        keys: Keys | None = None,
        rate: Rate | None = None,
        clock: Clock = CLOCK,
        database: str | Path = MEMORY,
        counts_fractions: bool = False,
        max_rows: int | None = None,
    ) -> None:
        if max_rows is not None and (type(max_rows) is not int or max_rows < 1):
            raise QueryError(
                f"max_rows={max_rows!r} is not a number of rows; write 10_000, or None"
            )
        fields = _check_fields(() if fields is None else fields)
        key_pairs = None if keys is None else parse_keys(keys)
        self._window = None if rate is None else RateWindow(rate, clock)
        self._clock = clock
        connection = _open(database)
        try:
            dates = AS_EXACT_TIMESTAMP if counts_fractions else AS_TIMESTAMP
            known = _known_fields(fields)
            collations = {name: _collation(field, dates) for name, field in known.items()}
            self._database = Database(
                connection, leads, users, collations, max_rows, activities, tasks
            )
            for name, (count, example) in self._database.leads.unreadable.items():
                warn_of_unreadable(name, known[name], count, example)
            _warn_of_repeated_ids(self._database)
        except BaseException:
            _discard(connection, database)
            raise
        self._app = App(
            partial(_execute, self._database),
            partial(lead_fields_metadata, self._database.leads, fields),
            self._database.list_users,
            partial(search_users, self._database),
            key_pairs,
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
        max_rows: int | None = None,
    ) -> Emulator:
        """A mock API with `size` generated leads and their users.

        Raises QueryError as `demo_leads` does.

        >>> Emulator.demo(500)
        <Emulator: 500 leads, 12 users>
        """
        ids = bytearray()
        leads = _with_ids(demo_leads(size, seed, now), ids)
        return cls(
            leads,
            demo_users(seed),
            demo_fields(),
            activities=demo_activities(_split_ids(ids), seed),
            tasks=demo_tasks(_split_ids(ids), seed),
            keys=keys,
            rate=rate,
            clock=clock,
            database=database,
            max_rows=max_rows,
        )

    def answer(self, payload: object) -> dict[str, Any]:
        """The JSON object that the API would send. A payload is a dict, JSON text or bytes.

        Raises PayloadError for a payload with errors, UnsupportedQueryError for a user operator
        whose meaning is not known, and QueryError when the emulator is closed.

        >>> emulator = Emulator([{"Score": "7"}, {"Score": "3"}])
        >>> high = {"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": ">"}
        >>> output = {"Type": "list", "IncludeCSV": "Score"}
        >>> emulator.answer({"ReportFilter": {"LeadFilters": [high]}, "Output": output})
        {'TotalCount': '1', 'Results': [{'Score': '7'}]}
        """
        return to_json(_execute(self._database, payload))

    def session(self, faults: Faults = NO_FAULTS) -> EmulatorSession:
        """A `requests.Session` that calls this mock API, whatever the host, without a socket.

        Faults start anew with each session: at its first call, and with all the leads.

        >>> Emulator([]).session().get("https://api.example.com/").status_code
        404
        """
        from leadquery.emulator.adapter import EmulatorSession

        return EmulatorSession(
            self.transport(faults),
            self.answer,
            unpaced=self._window is None,
            unwatched=self.unwatched,
        )

    def transport(self, faults: Faults = NO_FAULTS) -> Transport:
        """The transport that sessions and servers use. (See `session`)"""
        return Transport(self._app, faults, self._clock, self.leads, self._headers)

    def _headers(self) -> dict[str, str]:
        """The headers of every response: its time, and whether leads have no CreatedOn.

        The time is the present, or just after the leads, if that is later.
        """
        date, newest = datetime.now(UTC), self._database.newest_date
        if newest is not None and newest <= LAST_DATE:
            date = max(date, newest + AFTER_LEADS)
        headers = {DATE: format_datetime(date, usegmt=True)}
        return headers | {UNDATED: TRUE} if self.unwatched else headers

    def wsgi_app(self, faults: Faults = NO_FAULTS, *, cors: Iterable[str] = ()) -> WsgiApp:
        """The mock API as a WSGI application, for `httpx.WSGITransport` and servers of WSGI.

        Faults are as in `session`; one that loses the connection raises `ConnectionLostError`
        of `leadquery.emulator.transport`. `cors` is as in `server`.

        >>> import httpx
        >>> transport = httpx.WSGITransport(app=Emulator([]).wsgi_app())
        >>> with httpx.Client(transport=transport) as client:
        ...     client.get("https://api.example.com/").status_code
        404
        """
        from leadquery.emulator.wsgi import WsgiApp

        return WsgiApp(self.transport(faults).handle, cors)

    def server(
        self,
        port: int = 0,
        host: str = LOOPBACK,
        faults: Faults = NO_FAULTS,
        *,
        cors: Iterable[str] = (),
    ) -> EmulatorServer:
        """An HTTP server, for clients in any language. Port 0 takes a free one.

        It needs waitress: `pip install 'leadquery[serve]'`. It serves inside a `with` block, or
        in `serve()` until it is interrupted. GET of `/__admin/requests` lists the requests that
        arrived, and DELETE forgets them. `cors` are the origins whose pages a browser lets call
        it, such as "http://localhost:3000", or "*" for all; by default none.

        Raises MissingDependencyError without waitress, and QueryError for a port that cannot be
        used and an invalid origin.

        >>> import requests
        >>> with Emulator([]).server() as server:
        ...     requests.get(server.url, timeout=5).status_code
        404
        """
        from leadquery.emulator.server import EmulatorServer

        return EmulatorServer(self.wsgi_app(faults, cors=cors), host, port)

    @property
    def rejected_calls(self) -> int:
        """How many calls were rejected because they were over the limit."""
        return 0 if self._window is None else self._window.rejected

    @property
    def unwatched(self) -> bool:
        """Whether clients cannot watch for changes, because some leads have no CreatedOn."""
        return not self._database.knows_creation

    def close(self) -> None:
        """Close the database. It also closes when the emulator and its sessions are deleted.

        Afterwards, `answer` raises QueryError, and sessions get status 500.
        """
        self._database.close()

    @property
    def leads(self) -> int:
        """The number of leads."""
        return self._database.leads.size

    @property
    def users(self) -> int:
        """The number of users."""
        return self._database.users.size

    def __repr__(self) -> str:
        return f"<Emulator: {self.leads:,} leads, {self.users:,} users>"


_ID_LENGTH: Final = 36


def _with_ids(leads: Iterable[dict[str, str]], ids: bytearray) -> Iterator[Row]:
    """The leads, each with its id added to `ids` once it is read: as texts, they take much more."""
    for lead in leads:
        ids += lead[ProspectID.name].encode()
        yield lead


def _split_ids(ids: bytearray) -> Iterator[str]:
    for start in range(0, len(ids), _ID_LENGTH):
        yield ids[start : start + _ID_LENGTH].decode()


def _execute(
    database: Database,
    payload: object,
    snapshot: Snapshot = ALL_LEADS,
    endpoint: Endpoint | None = None,
) -> ResultSet:
    return database.execute(read(payload, sent=True), snapshot, endpoint)


def _open(database: str | Path) -> sqlite3.Connection:
    # A link would name a file in another place.
    if database != MEMORY and os.path.lexists(database):
        raise QueryError(f"{str(database)!r} exists; name a new file")
    try:
        return connect(str(database))
    except sqlite3.Error as error:
        raise QueryError(
            f"{str(database)!r} cannot be created: {error}; name another file"
        ) from None


def _discard(connection: sqlite3.Connection, database: str | Path) -> None:
    """Close the connection, and delete an unfinished file so that the next try can create it."""
    connection.close()
    if database != MEMORY:
        Path(database).unlink(missing_ok=True)


def _warn_of_repeated_ids(database: Database) -> None:
    found = database.repeated_ids()
    if found is None:
        return
    number, example = found
    ids = f"the ProspectID {example!r} is that"
    if number > 1:
        ids = f"{number:,} ProspectIDs, such as {example!r}, are those"
    warn_user(f"{ids} of several leads, which no account has; write each lead once")


def _check_fields(fields: Iterable[BaseField[Any]]) -> tuple[BaseField[Any], ...]:
    hint = "fields= takes a list of fields; write [Number('mx_Deal_Value')]"
    fields = tuple(iterate(fields, hint))
    for field in fields:
        if not isinstance(field, BaseField):
            raise QueryError(f"{describe_json(field)} is not a field; {hint}")
    return fields


def _known_fields(fields: Iterable[BaseField[Any]]) -> dict[str, BaseField[Any]]:
    """The standard fields and the given fields that have a type, by name."""
    typed = [field for field in fields if type(field) is not Field]
    return {field.name: field for field in (*typed, *STANDARD.values())}


def _collation(field: BaseField[Any], dates: Collation) -> Collation:
    if isinstance(field, Number):
        return AS_NUMBER
    if isinstance(field, Boolean):
        return AS_TRUTH
    return dates if isinstance(field, Date) else AS_TEXT
