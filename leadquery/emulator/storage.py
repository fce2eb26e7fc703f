"""Rows in SQLite: each field in two columns, its text and the key it compares by."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from attrs import frozen

from leadquery.emulator.collation import Kind, each, encoded, folded, number, text_of
from leadquery.errors import QueryError
from leadquery.lint.json_values import describe_json, json_type_name

BATCH: Final = 1_000

Row = Mapping[str, object]

Pair = tuple[bytes | None, bytes | None]

NO_DATA: Final[Pair] = (None, None)


@frozen
class Column:
    """A field, as SQL says its text and its key; both are NULL where there is no data."""

    text: str
    key: str
    kind: Kind

    @property
    def folded(self) -> str:
        """Its text without regard to case. What is a number or a date is plain ASCII."""
        if self.kind is folded:
            return self.key
        return f"CAST(lower(CAST({self.text} AS TEXT)) AS BLOB)"


def connect(database: str) -> sqlite3.Connection:
    """A database to build tables in, for any thread that holds its lock.

    A row that was not kept is no loss, so nothing is made safe against a power cut.
    """
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


class Table:
    """Rows of one sort: leads, or users. `kinds` are the kinds known beforehand.

    Of other fields, a field is a number while every text stored in it is one.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        sort: str,
        kinds: Mapping[str, Kind],
        rows: Iterable[Row],
    ) -> None:
        self.name = f"{sort}s"
        self.size = 0
        self._connection = connection
        self._sort = sort
        self._stated = kinds
        self._kinds: dict[str, Kind] = {}
        self._places: dict[str, int] = {}
        connection.execute(f"CREATE TABLE {self.name} (id INTEGER PRIMARY KEY)")
        self._load(rows)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kind of each field that a row has."""
        return self._kinds

    def column(self, name: str) -> Column:
        """The field of that name; one that nobody has is a field without data."""
        place = self._places.get(name)
        if place is None:
            return Column("NULL", "NULL", folded)
        return Column(f"t{place}", f"ifnull(k{place}, t{place})", self._kinds[name])

    def _load(self, rows: Iterable[Row]) -> None:
        remaining = each(
            rows,
            f"{self.name} are a list of dicts, not {json_type_name(rows)}; write [{{...}}, {{...}}]",
        )
        self._connection.execute("BEGIN")
        while batch := list(islice(remaining, BATCH)):
            self._insert(batch)
        self._connection.execute("COMMIT")

    def _insert(self, batch: Sequence[Row]) -> None:
        columns = ["id"]
        values: list[Iterable[Any]] = [range(self.size + 1, self.size + len(batch) + 1)]
        for name in self._names(batch):
            texts = self._texts(name, batch)
            if any(texts):
                place = self._place(name)
                columns += f"t{place}", f"k{place}"
                values += self._stored(name, place, texts)
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({marks})",
            zip(*values, strict=True),
        )
        self.size += len(batch)

    def _names(self, batch: Sequence[Row]) -> dict[str, None]:
        names: dict[str, None] = {}
        for position, row in enumerate(batch, self.size + 1):
            if not isinstance(row, Mapping):
                raise QueryError(
                    f"{self._sort} {position} is {describe_json(row)}; write a dict of names and values"
                )
            names.update(dict.fromkeys(row))
        for name in names:
            if not isinstance(name, str):
                raise QueryError(
                    f"{describe_json(name)} is no name of a field; write names as text"
                )
        return names

    def _texts(self, name: str, batch: Sequence[Row]) -> list[str | None]:
        texts: list[str | None] = []
        try:
            for row in batch:
                value = row.get(name)
                texts.append(value or None if type(value) is str else text_of(value))
        except QueryError as error:
            position = self.size + len(texts) + 1
            raise QueryError(f"{self._sort} {position}, {describe_json(name)}: {error}") from None
        return texts

    def _place(self, name: str) -> int:
        """The number of a field's columns, which are added when the field is new."""
        place = self._places.get(name)
        if place is None:
            place = len(self._places)
            most = (self._connection.getlimit(sqlite3.SQLITE_LIMIT_COLUMN) - 1) // 2
            if place == most:
                raise QueryError(
                    f"{self.name} with more than {most} fields do not fit; leave some fields out"
                )
            for half in "tk":
                self._connection.execute(f"ALTER TABLE {self.name} ADD COLUMN {half}{place}")
            self._places[name] = place
            self._kinds[name] = self._stated.get(name, number)
        return place

    def _stored(
        self, name: str, place: int, texts: Sequence[str | None]
    ) -> Iterable[tuple[bytes | None, ...]]:
        """The two columns of a field. A stated kind has no data where it cannot read a text."""
        kind = self._kinds[name]
        pairs = {text: _pair(kind, text) for text in set(texts) if text}
        if name not in self._stated and kind is number and NO_DATA in pairs.values():
            self._no_number(name, place)
            return self._stored(name, place, texts)
        return zip(*[pairs[text] if text else NO_DATA for text in texts], strict=True)

    def _no_number(self, name: str, place: int) -> None:
        """Compare a field as text after all; what was stored in it so far is plain ASCII."""
        self._kinds[name] = folded
        text = f"CAST(lower(CAST(t{place} AS TEXT)) AS BLOB)"
        self._connection.execute(f"UPDATE {self.name} SET k{place} = nullif({text}, t{place})")


def _pair(kind: Kind, text: str) -> Pair:
    """A text and its key as they are stored; a key that equals its text is left out."""
    key = kind(text)
    if key is None:
        return NO_DATA
    stored = encoded(text)
    return stored, None if key == stored else key
