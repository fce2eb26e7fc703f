"""The slots of an account in a file, so that the processes of one machine share its pace.

SQLite is the lock: it is on every system, and a process that is killed lets go of it. The file
holds moments and a hash in place of the account, no key.
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

from leadquery.client.deadline import Clock
from leadquery.client.sliding_window import Rate, Window
from leadquery.errors import QueryError

LONGEST_LOCK: Final = 30.0
"""Seconds to wait for the lock, which is held for less than one."""

SCHEMA: Final = "CREATE TABLE IF NOT EXISTS pace (account TEXT PRIMARY KEY, slots TEXT)"

READ: Final = "SELECT slots FROM pace WHERE account = ?"

WRITE: Final = "INSERT OR REPLACE INTO pace VALUES (?, ?)"


@frozen
class SqliteStore:
    """The slots of one account in a file.

    Raises QueryError when the file cannot be used.
    """

    path: Path
    account: str
    rate: Rate = field(eq=False)
    clock: Clock = field(eq=False)

    @contextmanager
    def slots(self) -> Iterator[Window]:
        """The slots, for one process at a time; what becomes of them is written."""
        try:
            # A connection for each use: a process may fork, and none is left open.
            with closing(self._connected()) as connection:
                slots = self._read(connection)
                yield slots
                state = {"now": self.clock.now(), **asdict(slots)}
                connection.execute(WRITE, (self.account, json.dumps(state)))
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            failed = f"lock_file={str(self.path)!r} cannot be used: {error}"
        else:
            return
        raise QueryError(f"{failed}; name a file that leadquery may make and write")

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=LONGEST_LOCK, isolation_level=None)
        try:
            # What a crash of the machine would lose means nothing to the next start.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _read(self, connection: sqlite3.Connection) -> Window:
        row = connection.execute(READ, (self.account,)).fetchone()
        state: dict[str, Any] = json.loads(row[0]) if row else {}
        # A clock begins anew with its machine: what was written before is long past.
        if state.pop("now", math.inf) > self.clock.now():
            return Window(self.rate)
        return Window(Rate(**state.pop("rate")), **state)
