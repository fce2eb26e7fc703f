"""A rate limiter's window in a SQLite file, which the processes of a machine share.

SQLite is the lock: it works on every system, and releases the lock of a killed process. The file
holds times and a hash of the account, no key.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from attrs import asdict, field, frozen

from leadquery.client.deadline import MAX_SLEEP, Clock
from leadquery.client.rate_limiter import Rate, StoreLockedError, Window
from leadquery.errors import QueryError

BUSY_TIMEOUT: Final = MAX_SLEEP
"""Seconds that SQLite waits for the lock, which nothing interrupts. It is never held for as long,
unless the process that holds it has stopped."""

_SCHEMA: Final = "CREATE TABLE IF NOT EXISTS rate_limits (account TEXT PRIMARY KEY, state TEXT)"

_READ: Final = "SELECT state FROM rate_limits WHERE account = ?"

_WRITE: Final = "INSERT OR REPLACE INTO rate_limits VALUES (?, ?)"


@frozen
class SqliteStore:
    """The window of one account in a file.

    Raises QueryError if the file cannot be used, and StoreLockedError while another process has it.
    """

    path: Path
    account: str
    rate: Rate = field(eq=False)
    clock: Clock = field(eq=False)

    def __str__(self) -> str:
        return f"lock_file={str(self.path)!r}"

    @contextmanager
    def window(self) -> Iterator[Window]:
        """The window, locked for this process; changes are saved at the end of the block."""
        try:
            # One connection per use: a process may fork, and none stays open.
            with closing(self._connect()) as connection:
                window = self._read(connection)
                yield window
                state = {"now": self.clock.now(), **asdict(window)}
                connection.execute(_WRITE, (self.account, json.dumps(state)))
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            is_locked = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            message = f"{self} cannot be used: {error}"
        else:
            return
        if is_locked:
            raise StoreLockedError
        raise QueryError(f"{message}; name a file that this process may create and write")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT, isolation_level=None)
        try:
            # What a crash of the machine would lose does not matter after it.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _read(self, connection: sqlite3.Connection) -> Window:
        row = connection.execute(_READ, (self.account,)).fetchone()
        state: dict[str, Any] = json.loads(row[0]) if row else {}
        # The clock restarts with the machine: later times are from before, and long past.
        if state.pop("now", math.inf) > self.clock.now():
            return Window(self.rate)
        return Window(Rate(**state.pop("rate")), **state)
